# SPDX-License-Identifier: MIT
# product.rl - the elements of User-Agent and Server.
# Spec:             RFC 3261 25.1
# Includes:         sip_core.rl
# Required actions: name_b name_e version_b version_e
# Deviations:       comment is read without its nesting: the host counts the parentheses (vectors product/valid,
#                   product/refused).
%%{
  machine product;
  include sip_core "sip_core.rl";

  # product = token [SLASH product-version];  product-version = token
  product      = token >name_b %name_e ( SLASH token >version_b %version_e )?;
  # ctext = %x21-27 / %x2A-5B / %x5D-7E / UTF8-NONASCII / LWS
  ctext        = 0x21..0x27 | 0x2a..0x5b | 0x5d..0x7e | UTF8_NONASCII | LWS;
  # comment = LPAREN *(ctext / quoted-pair / comment) RPAREN                    (what stands between the outer two)
  comment_text = ( ctext | quoted_pair | [()] )*;
}%%
