/* SPDX-License-Identifier: MIT */
/* cpm.h - all of cpmkit's core. (xml.h, which needs libxml2, is apart.) */
#ifndef CPM_CPM_H
#define CPM_CPM_H

#include "auth.h"
#include "coding.h"
#include "conference.h"
#include "cpim.h"
#include "dialog.h"
#include "document.h"
#include "imdn.h"
#include "iscomposing.h"
#include "markup.h"
#include "mime.h"
#include "model.h"
#include "msrp.h"
#include "policy.h"
#include "procedure.h"
#include "reginfo.h"
#include "resource_lists.h"
#include "sdp.h"
#include "sip.h"
#include "str.h"
#include "uri.h"
#include "value.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPM_VERSION_MAJOR 0
#define CPM_VERSION_MINOR 1
#define CPM_VERSION_PATCH 0

/* "0.1.0": of the library that is linked. Constant. */
const char *cpm_version(void);

#ifdef __cplusplus
}
#endif
#endif
