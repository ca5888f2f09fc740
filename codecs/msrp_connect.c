/* SPDX-License-Identifier: MIT */
/* msrp_connect.c - which session a request belongs to, who connects, and where (RFC 4975 5.4, RFC 6135, RFC 6714). */
#include "msrp.h"

/* Takes the URIs of our own relays off the front of From-Path; false if others stand there. local_path has the nearest one last. */
static bool connect_skip_relays(cpm_str *from_path, cpm_str local_path) {
  for (size_t left = cpm_msrp_path_count(local_path); left > 1; left--) {
    cpm_str relays = local_path;
    cpm_msrp_uri ours, theirs;
    if (cpm_msrp_path_next(from_path, &theirs, NULL, NULL, NULL) != CPM_OK) return false;
    for (size_t i = 1; i < left; i++)
      if (cpm_msrp_path_next(&relays, &ours, NULL, NULL, NULL) != CPM_OK) return false;
    if (!cpm_msrp_uri_equal(&ours, &theirs, CPM_MSRP_STRICT)) return false;
  }
  return true;
}

bool cpm_msrp_in_session(const cpm_msrp *request, cpm_str local_path, cpm_str remote_path, cpm_msrp_matching how) {
  if (request->status || !request->to_path.n || !local_path.n || !remote_path.n) return false;
  cpm_str from_path = request->from_path;
  if (!cpm_msrp_path_equal(request->to_path, cpm_msrp_path_last(local_path), how)) return false;
  if (how == CPM_MSRP_STRICT && !connect_skip_relays(&from_path, local_path)) return false;
  return cpm_msrp_path_equal(from_path, remote_path, how);
}

/* ---- who connects -------------------------------------------------------------------------------------------------- */

int cpm_msrp_setup_decode(cpm_msrp_setup *out, cpm_str in, cpm_diag *diag) {
  static const struct { const char *text; cpm_msrp_setup setup; } values[] = {
    { "active", CPM_MSRP_ACTIVE }, { "passive", CPM_MSRP_PASSIVE }, { "actpass", CPM_MSRP_ACTPASS },
  };
  in = cpm_str_trim(cpmi_present(in));
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    if (cpm_str_ieq(in, cpm_str_z(values[i].text))) {
      *out = values[i].setup;
      return CPM_OK;
    }
  return cpmi_fail(diag, CPM_E_UNSUPPORTED, 0, "setup", "RFC 4145 4");
}

cpm_msrp_setup cpm_msrp_setup_answer(cpm_msrp_setup offer, cpm_msrp_setup prefer) {
  switch (offer) {
  case CPM_MSRP_ACTIVE:  return CPM_MSRP_PASSIVE;
  case CPM_MSRP_PASSIVE: return CPM_MSRP_ACTIVE;
  case CPM_MSRP_ACTPASS: return prefer == CPM_MSRP_PASSIVE ? CPM_MSRP_PASSIVE : CPM_MSRP_ACTIVE;
  default:               return CPM_MSRP_SETUP_NONE;
  }
}

int cpm_msrp_is_active(bool *active, bool we_offered, cpm_msrp_setup offer, cpm_msrp_setup answer, cpm_diag *diag) {
  bool offerer;
  if (offer == CPM_MSRP_SETUP_NONE || answer == CPM_MSRP_SETUP_NONE) {
    /* RFC 4975 5.4: without negotiation the offerer connects; but a side that said it would only wait waits. */
    offerer = offer != CPM_MSRP_PASSIVE;
    if (offer == CPM_MSRP_SETUP_NONE && answer == CPM_MSRP_ACTIVE) offerer = false;
  } else if (answer == CPM_MSRP_ACTPASS || (offer == CPM_MSRP_PASSIVE && answer == CPM_MSRP_PASSIVE)) {
    return cpmi_fail(diag, CPM_E_MISMATCH, 0, "setup", "RFC 4145 4.1");
  } else {
    offerer = offer == CPM_MSRP_ACTIVE || answer == CPM_MSRP_PASSIVE;
  }
  *active = offerer == we_offered;
  return CPM_OK;
}

/* ---- where --------------------------------------------------------------------------------------------------------- */

static bool connect_is_ipv6(cpm_str address) {
  for (size_t i = 0; i < address.n; i++)
    if (address.p[i] == ':') return true;
  return false;
}

/* Do c and m line name the place that the path names? */
static bool connect_same_place(const cpm_msrp_media *media, const cpm_msrp_uri *first, uint16_t port) {
  if (media->port != port) return false;
  if (first->host_is_ipv6 != connect_is_ipv6(media->address)) return false;
  return first->host_is_ipv6 ? cpmi_ipv6_equal(first->host, media->address) : cpm_str_ieq(first->host, media->address);
}

int cpm_msrp_connect(cpm_msrp_target *out, const cpm_msrp_media *local, const cpm_msrp_media *remote, bool legacy, cpm_diag *diag) {
  const cpm_msrp_target none = { .matching = CPM_MSRP_STRICT };
  cpm_msrp_uri first;
  cpm_str path = remote->path;
  *out = none;
  if (!path.n) return cpmi_fail(diag, CPM_E_MISSING, 0, "path", "RFC 4975 8.2");
  if (remote->port == 0) return cpmi_fail(diag, CPM_E_VALUE, 0, "port", "RFC 3264 6");
  const int rc = cpm_msrp_path_next(&path, &first, NULL, NULL, diag);
  if (rc) return rc;
  const bool cema = local->cema && remote->cema;
  if (cema && !remote->address.n) return cpmi_fail(diag, CPM_E_MISSING, 0, "c=", "RFC 6714 4.2");
  const uint16_t port = first.has_port ? first.port : (uint16_t)CPM_MSRP_PORT;
  out->secure = first.secure || remote->secure;
  out->cema = cema;
  out->host = cema ? remote->address : first.host;
  out->port = cema ? remote->port : port;
  out->anchored = remote->address.n && !connect_same_place(remote, &first, port);
  if (!cema && legacy) out->matching = CPM_MSRP_SESSION;
  return CPM_OK;
}
