/* SPDX-License-Identifier: MIT */
/* piece_parse.rl - one machine with an entry for each piece that the writers of header fields check. */
#include "straight.h"
#include "value_internal.h"

%%{
  machine cpm_piece;
  alphtype unsigned char;
  getkey ((unsigned char)*p);

  include headers "headers.rl";
  of_addr       := addr_text;
  of_params     := ";" SWS generic_param ( SEMI generic_param )*;
  of_via_params := ";" SWS via_param ( SEMI via_param )*;
  of_quoted     := quoted;
  of_tokens     := display_tokens;
  of_token      := token;
  of_host       := hostname | IPv4address;
  of_ipv6       := IPv6address | IPv6_3colons;
  of_agent      := warn_agent;
  of_service    := Service_ID;
  write data noerror;
}%%

static int piece_entry(cpmi_piece piece) {
  switch (piece) {
  case CPMI_PIECE_ADDR:       return cpm_piece_en_of_addr;
  case CPMI_PIECE_PARAMS:     return cpm_piece_en_of_params;
  case CPMI_PIECE_VIA_PARAMS: return cpm_piece_en_of_via_params;
  case CPMI_PIECE_QUOTED:     return cpm_piece_en_of_quoted;
  case CPMI_PIECE_TOKENS:     return cpm_piece_en_of_tokens;
  case CPMI_PIECE_TOKEN:      return cpm_piece_en_of_token;
  case CPMI_PIECE_HOST:       return cpm_piece_en_of_host;
  case CPMI_PIECE_IPV6:       return cpm_piece_en_of_ipv6;
  case CPMI_PIECE_AGENT:      return cpm_piece_en_of_agent;
  case CPMI_PIECE_SERVICE:    break;
  }
  return cpm_piece_en_of_service;
}

static bool piece_straight_params(const char *p, const char *pe) {
  cpm_param param;
  while (p && p < pe) p = *p == ';' ? cpmi_straight_param(&param, p, pe) : NULL;
  return p != NULL;
}

/* s is not empty. */
static bool piece_straight(cpmi_piece piece, cpm_str s) {
  const char *const p = s.p, *const pe = s.p + s.n, *e = p;
  bool ipv6 = piece == CPMI_PIECE_IPV6;
  switch (piece) {
  case CPMI_PIECE_PARAMS: case CPMI_PIECE_VIA_PARAMS: return piece_straight_params(p, pe);
  case CPMI_PIECE_QUOTED: return cpmi_skip_qdtext(p, pe) == pe;
  case CPMI_PIECE_TOKENS: case CPMI_PIECE_TOKEN: return cpmi_run(p, pe, CPMI_TOKEN) == pe;
  case CPMI_PIECE_HOST: return cpmi_straight_host(&ipv6, p, p, pe) == pe && !ipv6;
  case CPMI_PIECE_ADDR:
    e = cpmi_run(p, pe, CPMI_SCHEME);
    return e > p && e < pe && *e == ':' && cpmi_in(*p, CPMI_ALPHA) && e + 1 < pe && cpmi_skip_addr(e + 1, pe) == pe;
  case CPMI_PIECE_SERVICE: return cpmi_straight_service(p, pe) == pe;
  default: return false;
  }
}

bool cpmi_is_straight_piece(cpmi_piece piece, cpm_str s) { return CPMI_STRAIGHT && s.n && piece_straight(piece, s); }

bool cpmi_is_piece(cpmi_piece piece, cpm_str s) {
  s = cpmi_present(s);
  if (cpmi_is_straight_piece(piece, s)) return true;
  const char *p = s.p, *const pe = p + s.n;
  int cs = piece_entry(piece);
  %% write exec;
  return p == pe && cs >= cpm_piece_first_final;
}
