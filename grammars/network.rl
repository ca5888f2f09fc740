# SPDX-License-Identifier: MIT
# network.rl - one element of Security-Client, Security-Server, Security-Verify and P-Access-Network-Info: a token and its parameters;
# one of P-Charging-Vector and P-Charging-Function-Addresses: parameters alone.
# Spec:             RFC 3329 2.2, RFC 7315 5.4 to 5.6
# Includes:         headers.rl
# Required actions: head_b head_e on_semi params_e name_b name_e value_b value_e on_quoted
# Deviations:       every parameter is a generic-param, which all that have names of their own are too; q is looked at by the host.
#                   icid-value may stand behind other parameters (vector charging_vector/all).
%%{
  machine network;
  include headers "headers.rl";

  # *( SEMI generic-param )
  network_params = ( SWS ";" @on_semi SWS generic_param %params_e )*;
  # sec-mechanism = mechanism-name *(SEMI mech-parameters)
  # mech-parameters = ( preference / digest-algorithm / digest-qop / digest-verify / mech-extension )
  # access-net-spec = (access-type / access-class) *(SEMI access-info)
  network_spec   = token >head_b %head_e network_params;

  # gen-value = token / host / quoted-string
  network_plain  = ( token | "[" [0-9A-Fa-f:.]+ "]" ) >value_b %value_e;
  network_quoted = DQUOTE @on_quoted quoted >value_b %value_e DQUOTE;
  # icid-value = "icid-value" EQUAL gen-value;  charge-addr-param = ccf / ecf / ccf-2 / ecf-2 / generic-param
  network_first  = token >name_b %name_e ( EQUAL ( network_plain | network_quoted ) )?;
  # P-Charging-Vector = "P-Charging-Vector" HCOLON icid-value *(SEMI charge-params)
  # charge-addr-params = charge-addr-param *(SEMI charge-addr-param)
  network_charge = network_first network_params;
}%%
