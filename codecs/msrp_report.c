/* SPDX-License-Identifier: MIT */
/* msrp_report.c - responses and reports: when they are due, and who they go to (RFC 4975 7.1.2, 7.2; RFC 4976 6). */
#include "msrp.h"
#include "cpm/sdp.h"

enum { MSRP_REPORT_OK = 200, MSRP_REPORT_TIMEOUT = 408, MSRP_REPORT_STOP = 413, MSRP_REPORT_TYPE = 415, MSRP_REPORT_NO_SESSION = 481, MSRP_REPORT_METHOD = 501, MSRP_REPORT_BOUND = 506 };

unsigned cpm_msrp_verdict(const cpm_msrp *request, const cpm_msrp_session *session) {
  const cpm_msrp_range *const range = &request->range;
  if (request->status || request->method == CPM_MSRP_REPORT) return 0;
  if (!session || !cpm_msrp_in_session(request, session->local_path, session->remote_path, session->matching)) return MSRP_REPORT_NO_SESSION;
  if (session->elsewhere) return MSRP_REPORT_BOUND;
  if (request->method != CPM_MSRP_SEND) return request->method == CPM_MSRP_NICKNAME ? MSRP_REPORT_OK : MSRP_REPORT_METHOD;
  if (!request->body) return MSRP_REPORT_OK;
  const bool typed = request->content_type.p && session->accept_types.p;
  if (typed && !cpm_sdp_types_take(session->accept_types, request->content_type)) return MSRP_REPORT_TYPE;
  const uint64_t size = range->total != CPM_MSRP_ANY ? range->total : range->end != CPM_MSRP_ANY ? range->end : range->start - 1;
  return session->max_size && size > session->max_size ? MSRP_REPORT_STOP : MSRP_REPORT_OK;
}

bool cpm_msrp_response_awaited(const cpm_msrp *request) {
  if (request->status || request->method == CPM_MSRP_REPORT) return false;
  return request->method != CPM_MSRP_SEND || request->failure_report == CPM_MSRP_FAILURE_YES;
}

bool cpm_msrp_response_due(const cpm_msrp *request, unsigned status) {
  if (request->status || request->method == CPM_MSRP_REPORT) return false;
  switch (request->failure_report) {
  case CPM_MSRP_FAILURE_NO:      return false;
  case CPM_MSRP_FAILURE_PARTIAL: return status != MSRP_REPORT_OK;
  default:                       return true;
  }
}

int cpm_msrp_response(cpm_msrp *out, const cpm_msrp *request, unsigned status, cpm_diag *diag) {
  if (request->status || request->method == CPM_MSRP_REPORT) return cpmi_fail(diag, CPM_E_ARG, 0, "method", "RFC 4975 7.2");
  if (status < MSRP_REPORT_OK || status > 999) return cpmi_fail(diag, CPM_E_ARG, 0, "status-code", "RFC 4975 9");
  const cpm_msrp response = {
    .status = status,
    .comment = cpm_msrp_comment(status),
    .transaction_id = request->transaction_id,
    .to_path = request->method == CPM_MSRP_SEND ? cpm_msrp_path_first(request->from_path) : request->from_path,
    .from_path = cpm_msrp_path_first(request->to_path),
    .range = { 1, CPM_MSRP_ANY, CPM_MSRP_ANY },
    .flag = '$',
  };
  *out = response;
  return CPM_OK;
}

bool cpm_msrp_report_due(const cpm_msrp *request, unsigned status) {
  if (request->status || request->method != CPM_MSRP_SEND) return false;
  if (status == MSRP_REPORT_OK) return request->success_report;
  if (request->failure_report == CPM_MSRP_FAILURE_PARTIAL) return status != MSRP_REPORT_TIMEOUT;
  return request->failure_report == CPM_MSRP_FAILURE_YES;
}

cpm_msrp_range cpm_msrp_report_range(const cpm_msrp *request, uint64_t octets) {
  const cpm_msrp_range none = { 1, 0, 0 };
  cpm_msrp_range range = request->range;
  if (octets == 0) return none;
  const uint64_t before = range.start - 1;
  range.end = octets < CPM_MSRP_ANY - before ? before + octets : CPM_MSRP_ANY;
  if (range.total < range.end) range.total = CPM_MSRP_ANY;   /* it claimed less than it brought */
  return range;
}

int cpm_msrp_report(cpm_msrp *out, const cpm_msrp *request, cpm_msrp_range range, unsigned status, cpm_str transaction_id, cpm_diag *diag) {
  if (request->status || request->method != CPM_MSRP_SEND) return cpmi_fail(diag, CPM_E_ARG, 0, "method", "RFC 4975 7.1.2");
  if (status < MSRP_REPORT_OK || status > 999) return cpmi_fail(diag, CPM_E_ARG, 0, "status-code", "RFC 4975 9");
  if (!cpmi_msrp_is_ident(transaction_id)) return cpmi_fail(diag, CPM_E_VALUE, 0, "transact-id", "RFC 4975 9");
  const cpm_msrp report = {
    .method = CPM_MSRP_REPORT,
    .transaction_id = transaction_id,
    .to_path = request->from_path,
    .from_path = cpm_msrp_path_first(request->to_path),
    .message_id = request->message_id,
    .has_range = true,
    .range = range,
    .report_status = status,
    .report_comment = cpm_msrp_comment(status),
    .flag = '$',
  };
  *out = report;
  return CPM_OK;
}

/* Is the path the first URIs of the other one, one of them or more? */
static bool msrp_report_begins(cpm_str whole, cpm_str path) {
  cpm_msrp_uri ours, theirs;
  if (!path.n) return false;
  while (path.n)
    if (cpm_msrp_path_next(&path, &theirs, NULL, NULL, NULL) != CPM_OK || cpm_msrp_path_next(&whole, &ours, NULL, NULL, NULL) != CPM_OK ||
        !cpm_msrp_uri_equal(&ours, &theirs, CPM_MSRP_STRICT))
      return false;
  return true;
}

/* From-Path of a response: every relay that passed it on has put itself in front (RFC 4976 6), up to the one that answered. Responses to
 * a SEND are passed on by none. */
static bool msrp_report_comes_from(const cpm_msrp *response, const cpm_msrp *request) {
  if (request->method != CPM_MSRP_SEND) return msrp_report_begins(request->to_path, response->from_path);
  return cpm_msrp_path_equal(response->from_path, cpm_msrp_path_first(request->to_path), CPM_MSRP_STRICT);
}

int cpm_msrp_response_matches(const cpm_msrp *response, const cpm_msrp *request, const cpm_opts *opts, uint64_t *quirks, cpm_diag *diag) {
  if (!response->status || request->status || request->method == CPM_MSRP_REPORT) return CPM_LATE;
  if (!response->transaction_id.p || !cpm_str_eq(response->transaction_id, request->transaction_id)) return CPM_LATE;
  const cpm_str to = request->method == CPM_MSRP_SEND ? cpm_msrp_path_first(request->from_path) : request->from_path;
  if (cpm_msrp_path_equal(response->to_path, to, CPM_MSRP_STRICT) && msrp_report_comes_from(response, request)) return CPM_OK;
  return cpmi_quirk(quirks, CPM_QUIRK(MSRP_RESPONSE_PATH), opts, 0, "To-Path", diag);
}

int cpm_msrp_forward(cpm_msrp *out, char *dst, size_t cap, size_t *len, const cpm_msrp *in, cpm_diag *diag) {
  const cpm_str first = cpm_msrp_path_first(in->to_path);
  if (cpm_msrp_path_count(in->to_path) < 2) return cpmi_fail(diag, CPM_E_VALUE, 0, "To-Path", "RFC 4976 6");
  cpmi_out o = cpmi_out_to(dst, cap, 0);
  cpmi_put(&o, first);
  cpmi_put_char(&o, ' ');
  cpmi_put(&o, in->from_path);
  const int rc = cpmi_out_end(&o, len, diag);
  if (rc || !dst) return rc;
  cpm_str rest = cpmi_behind(in->to_path, first.n);
  while (rest.n && rest.p[0] == ' ') rest = cpmi_behind(rest, 1);
  *out = *in;
  out->to_path = rest;
  out->from_path = cpm_str_of(dst, o.n);
  return CPM_OK;
}
