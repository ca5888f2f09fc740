/* SPDX-License-Identifier: MIT */
/* agent.c - linphone without a screen, for scenarios: agent <configuration file>
 *
 *     stdin:   send URI TEXT    a text message
 *              read             what has come is displayed
 *              quit
 *     stdout:  ready VERSION    it runs
 *              registered
 *              received FROM TEXT
 *              state TEXT STATE what linphone thinks has become of a message of ours: InProgress, Delivered (the answer), DeliveredToUser and Displayed
 *                               (by notifications), NotDelivered
 */
#include <errno.h>
#include <fcntl.h>
#include <linphone/core.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void changed(LinphoneChatMessage *message, LinphoneChatMessageState state) {
  printf("state %s %s\n", linphone_chat_message_get_utf8_text(message), linphone_chat_message_state_to_string(state));
}

static void registered(LinphoneCore *core, LinphoneAccount *account, LinphoneRegistrationState state, const char *text) {
  (void)core, (void)account, (void)text;
  if (state == LinphoneRegistrationOk) puts("registered");
}

static LinphoneChatRoom *last;   /* that something came in */

static void received(LinphoneCore *core, LinphoneChatRoom *room, LinphoneChatMessage *message) {
  char *from = linphone_address_as_string_uri_only(linphone_chat_message_get_from_address(message));
  const char *text = linphone_chat_message_get_utf8_text(message);
  (void)core;
  printf("received %s %s\n", from, text ? text : "-");
  ms_free(from);
  last = room;
}

static LinphoneChatRoom *room_with(LinphoneCore *core, LinphoneAddress *to) {
  LinphoneChatRoom *room = linphone_core_search_chat_room(core, NULL, NULL, to, NULL);
  if (room) return room;
  LinphoneChatRoomParams *params = linphone_core_create_default_chat_room_params(core);
  linphone_chat_room_params_set_backend(params, LinphoneChatRoomBackendBasic);
  linphone_chat_room_params_enable_group(params, FALSE);
  bctbx_list_t *all = bctbx_list_append(NULL, to);
  room = linphone_core_create_chat_room_6(core, params, NULL, all);
  bctbx_list_free(all);
  linphone_chat_room_params_unref(params);
  return room;
}

static void send_text(LinphoneCore *core, const char *uri, const char *text) {
  LinphoneFactory *factory = linphone_factory_get();
  LinphoneAddress *to = linphone_factory_create_address(factory, uri);
  LinphoneChatRoom *room = to ? room_with(core, to) : NULL;
  if (!room) {
    printf("error no chat with %s\n", uri);
    return;
  }
  LinphoneChatMessage *message = linphone_chat_room_create_message_from_utf8(room, text);
  LinphoneChatMessageCbs *calls = linphone_factory_create_chat_message_cbs(factory);
  linphone_chat_message_cbs_set_msg_state_changed(calls, changed);
  linphone_chat_message_add_callbacks(message, calls);
  linphone_chat_message_send(message);
}

/* False: it is over. */
static bool_t command(LinphoneCore *core, char *line) {
  char *uri = strchr(line, ' '), *text = uri ? strchr(uri + 1, ' ') : NULL;
  if (strcmp(line, "quit") == 0) return FALSE;
  if (strcmp(line, "read") == 0) {
    if (last) linphone_chat_room_mark_as_read(last);
    return TRUE;
  }
  if (strncmp(line, "send ", 5) != 0 || !text) {
    printf("error no command: %s\n", line);
    return TRUE;
  }
  *text = '\0';
  send_text(core, uri + 1, text + 1);
  return TRUE;
}

/* Takes what stdin has, line by line. False: it is over. */
static bool_t commands(LinphoneCore *core) {
  static char buffer[4096];
  static size_t n;
  struct pollfd in = { STDIN_FILENO, POLLIN, 0 };
  if (poll(&in, 1, 20) <= 0) return TRUE;
  const ssize_t got = read(STDIN_FILENO, buffer + n, sizeof buffer - 1 - n);
  if (got <= 0) return got < 0 && errno == EINTR;
  n += (size_t)got;
  buffer[n] = '\0';
  for (char *end; (end = strchr(buffer, '\n')) != NULL;) {
    *end = '\0';
    if (!command(core, buffer)) return FALSE;
    n -= (size_t)(end + 1 - buffer);
    memmove(buffer, end + 1, n + 1);
  }
  return TRUE;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  setvbuf(stdout, NULL, _IOLBF, 0);
  LinphoneFactory *factory = linphone_factory_get();
  linphone_logging_service_set_log_level(linphone_logging_service_get(), getenv("AGENT_LOG") ? LinphoneLogLevelMessage : LinphoneLogLevelFatal);
  LinphoneCore *core = linphone_factory_create_core_3(factory, argv[1], NULL, NULL);
  LinphoneCoreCbs *calls = linphone_factory_create_core_cbs(factory);
  linphone_core_cbs_set_message_received(calls, received);
  linphone_core_cbs_set_account_registration_state_changed(calls, registered);
  linphone_core_add_callbacks(core, calls);
  if (linphone_core_start(core)) return 1;
  printf("ready %s\n", linphone_core_get_version());
  while (commands(core)) linphone_core_iterate(core);
  linphone_core_stop(core);
  linphone_core_unref(core);
  return 0;
}
