/* SPDX-License-Identifier: MIT */
/* json.h - what json.c and json_words.c share. Running out of memory ends the program. */
#ifndef JSON_H
#define JSON_H

#include <cjson/cJSON.h>
#include <stddef.h>

cJSON *json_object(void);
cJSON *json_array(void);
/* Adds the item; key is a constant. Returns it. */
cJSON *json_put(cJSON *object, const char *key, cJSON *item);
cJSON *json_append(cJSON *array, cJSON *item);
void   json_put_text(cJSON *object, const char *key, const char *text);   /* NULL: null */
void   json_put_number(cJSON *object, const char *key, double number);
void   json_put_bool(cJSON *object, const char *key, bool is);
void   json_append_text(cJSON *array, const char *text);
/* An array of the names of the events in the set. */
cJSON *json_events(uint64_t set);
/* An array of the names of the states in the set. */
cJSON *json_states(uint64_t set);

/* json_words.c: every list of words, from the agent's texts to the statuses. */
void json_words(cJSON *root);

#endif
