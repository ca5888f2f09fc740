/* SPDX-License-Identifier: MIT */
/* tap.h - connections are in the capture too. */
#ifndef TAP_H
#define TAP_H

void tap_open(void);

#endif
