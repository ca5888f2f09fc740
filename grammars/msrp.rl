# SPDX-License-Identifier: MIT
# msrp.rl - the first line of an MSRP frame, and one header line.
# Spec:             RFC 4975 9
# Includes:         msrp_core.rl
# Required actions: id_b id_e method_b method_e code_b code_e comment_b comment_e on_gap name_b name_e value_b
# Deviations:       More than one SP may stand between the parts of the first line, and space at its end (quirk MSRP_SPACING,
#                   vector msrp/quirk-spacing). The SP behind the colon of a header line may be missing: the host trims and names it.
%%{
  machine msrp;
  include msrp_core "msrp_core.rl";

  gap = SP ( SP @on_gap )*;
  # pMSRP = %x4D.53.52.50
  pMSRP       = "MSRP";
  # transact-id = ident
  transact_id = ident >id_b %id_e;
  # method = mSEND / mREPORT / other-method
  method      = other_method >method_b %method_e;
  # comment = utf8text
  comment     = utf8text >comment_b %comment_e;
  # req-start = pMSRP SP transact-id SP method CRLF                                        (without the CRLF)
  req_start   = pMSRP gap transact_id gap method ( SP @on_gap )*;
  # resp-start = pMSRP SP transact-id SP status-code [SP comment] CRLF                     (without the CRLF)
  resp_start  = pMSRP gap transact_id gap ( status_code >code_b %code_e ) ( SP comment )?;

  # hname = ALPHA *token
  hname       = ALPHA token_char*;
  # hval = utf8text
  hval        = utf8text;
  # ext-header = hname ":" SP hval CRLF                                                    (without the CRLF)
  ext_header  = hname >name_b %name_e ":" hval >value_b;
}%%
