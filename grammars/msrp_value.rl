# SPDX-License-Identifier: MIT
# msrp_value.rl - values of MSRP header fields, one rule a field.
# Spec:             RFC 4975 9, RFC 4976 9, RFC 7701 7
# Includes:         msrp_core.rl
# Required actions: a_b a_e b_b b_e c_b c_e on_yes on_no on_partial
# Deviations:       the SP behind the colon belongs to the header line (msrp.rl). A nickname may be empty (it gives the nickname back).
#                   More than one SP may stand inside of Status (vector msrp/quirk-spacing).
%%{
  machine msrp_value;
  include msrp_core "msrp_core.rl";

  # Message-ID = "Message-ID:" SP ident
  Message_ID     = ident;
  # Success-Report = "Success-Report:" SP ("yes" / "no" )
  Success_Report = "yes"i @on_yes | "no"i @on_no;
  # Failure-Report = "Failure-Report:" SP ("yes" / "no" / "partial" )
  Failure_Report = "yes"i @on_yes | "no"i @on_no | "partial"i @on_partial;
  # range-start = 1*DIGIT
  range_start    = DIGIT+ >a_b %a_e;
  # range-end = 1*DIGIT / "*"
  range_end      = ( DIGIT+ | "*" ) >b_b %b_e;
  # total = 1*DIGIT / "*"
  total          = ( DIGIT+ | "*" ) >c_b %c_e;
  # Byte-Range = "Byte-Range:" SP range-start "-" range-end "/" total
  Byte_Range     = range_start "-" range_end "/" total;
  # namespace = 3(DIGIT)
  namespace      = DIGIT{3} >a_b %a_e;
  # Status = "Status:" SP namespace SP status-code [SP comment]
  Status         = namespace SP+ status_code >b_b %b_e ( SP+ ( utf8text - ( SP any* ) ) >c_b %c_e )?;
  # Expires = "Expires:" SP 1*DIGIT;  Min-Expires, Max-Expires
  Expires        = DIGIT+ >a_b %a_e;
  # Use-Nickname = "Use-Nickname:" SP nickname
  # nickname = DQUOTE 1*(qdtext / qd-esc) DQUOTE
  Use_Nickname   = DQUOTE quoted >a_b %a_e DQUOTE;
}%%
