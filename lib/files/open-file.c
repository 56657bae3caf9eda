/* SPDX-License-Identifier: BSD-2-Clause */
/* Open files: what they are called, and what sockets learn about their ends. */
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "files/files-parts.h"

static size_t weight(const struct open_file *file)
{
	size_t n = sizeof(*file) + strlen(file->name) + 1;

	n += file->before ? strlen(file->before) + 1 : 0;
	if (file->label)
		n += strlen(file->label) + strlen(file->local) + strlen(file->peer) + 3;
	return n;
}

struct open_file *open_file_new(struct files_budget *b, enum seam_file_kind kind, const char *name)
{
	struct open_file *file;

	if (b->bytes > FILES_BYTES_MAX)
		return NULL;
	file = xcalloc(1, sizeof(*file));
	file->refs = 1;
	file->kind = kind;
	file->id = ++b->next_id;
	file->name = xstrdup(name);
	b->bytes += weight(file);
	return file;
}

static char *socket_name(const struct open_file *file)
{
	const char *arrow = *file->peer ? "->" : "";

	if (!*file->local && !*file->peer)
		return xstrdup(file->label);
	return xasprintf("%s:[%s%s%s]", file->label, file->local, arrow, file->peer);
}

struct open_file *open_socket_new(struct files_budget *b, const char *label, const char *local, const char *peer)
{
	struct open_file *file = open_file_new(b, SEAM_FILE_SOCKET, "");

	if (!file)
		return NULL;
	b->bytes -= weight(file);
	free(file->name);
	file->label = xstrdup(label);
	file->local = xstrdup(local);
	file->peer = xstrdup(peer);
	file->name = socket_name(file);
	b->bytes += weight(file);
	return file;
}

/* "TCP:[a->b]" */
static struct open_file *described_socket(struct files_budget *b, const char *text)
{
	const char *bracket = strstr(text, ":["), *arrow, *end;
	char *label, *local, *peer;
	struct open_file *file;

	if (!bracket)
		return open_socket_new(b, text, "", "");
	end = text + strlen(text);
	if (end > bracket + 2 && end[-1] == ']')
		end--;
	label = xstrndup(text, (size_t)(bracket - text));
	arrow = strstr(bracket, "->");
	local = xstrndup(bracket + 2, (size_t)((arrow ? arrow : end) - (bracket + 2)));
	peer = arrow && arrow + 2 < end ? xstrndup(arrow + 2, (size_t)(end - (arrow + 2))) : xstrdup("");
	file = open_socket_new(b, label, local, peer);
	free(label);
	free(local);
	free(peer);
	return file;
}

struct open_file *open_file_named(struct files_budget *b, const char *name, const char *socket)
{
	if (*socket)
		return described_socket(b, socket);
	if (str_starts(name, "socket:["))
		return open_socket_new(b, name, "", "");
	if (str_starts(name, "pipe:["))
		return open_file_new(b, SEAM_FILE_PIPE, name);
	/* "/memfd:x (deleted)" has no path */
	return open_file_new(b, *name == '/' && !str_starts(name, "/memfd:") ? SEAM_FILE_PATH : SEAM_FILE_OTHER, name);
}

struct open_file *open_file_ref(struct open_file *file)
{
	if (file)
		file->refs++;
	return file;
}

void open_file_unref(struct files_budget *b, struct open_file *file)
{
	if (!file || --file->refs)
		return;
	b->bytes -= weight(file);
	free(file->name);
	free(file->before);
	free(file->label);
	free(file->local);
	free(file->peer);
	free(file);
}

static void replace(char **string, const char *by)
{
	char *old = *string;

	if (by) {
		*string = xstrdup(by);
		free(old);
	}
}

void open_socket_learn(struct files_budget *b, struct open_file *file, const char *local, const char *peer, uint64_t now)
{
	if (!file || !file->label || b->bytes > FILES_BYTES_MAX ||
	    ((!local || !strcmp(local, file->local)) && (!peer || !strcmp(peer, file->peer))))
		return;
	b->bytes -= weight(file);
	replace(&file->local, local);
	replace(&file->peer, peer);
	/* two things learnt from one event are one change */
	if (file->before && file->since == now) {
		free(file->name);
	} else {
		free(file->before);
		file->before = file->name;
		file->id_before = file->id;
		file->since = now;
	}
	file->name = socket_name(file);
	file->id = ++b->next_id;
	b->bytes += weight(file);
}
