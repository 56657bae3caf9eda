/* SPDX-License-Identifier: BSD-2-Clause */
/* What a linker has written into a file so that it can be told from others. */
#include "record/build-id.h"

#include <elf.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/util.h"

#define SEGMENTS 64
#define NOTES 4096 /* bytes of a segment that are looked at */

/* Where notes stand in the file. */
struct place {
	uint64_t offset, size;
};

static bool read_at(int fd, void *to, size_t n, uint64_t offset)
{
	return offset <= INT64_MAX && pread(fd, to, n, (off_t)offset) == (ssize_t)n;
}

static uint32_t find_id(int fd, struct place place, unsigned char id[BUILD_ID_MOST])
{
	unsigned char notes[NOTES];
	size_t size = (size_t)MIN(place.size, (uint64_t)NOTES), at = 0;

	if (!read_at(fd, notes, size, place.offset))
		return 0;
	while (size - at >= sizeof(Elf64_Nhdr)) {
		Elf64_Nhdr note; /* the same in both widths */
		size_t name, desc;

		memcpy(&note, notes + at, sizeof(note));
		at += sizeof(note);
		name = ((size_t)note.n_namesz + 3) & ~(size_t)3;
		desc = ((size_t)note.n_descsz + 3) & ~(size_t)3;
		if (name > size - at || note.n_descsz > size - at - name)
			return 0;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && !memcmp(notes + at, "GNU", 4) &&
		    note.n_descsz <= BUILD_ID_MOST) {
			memcpy(id, notes + at + name, note.n_descsz);
			return note.n_descsz;
		}
		at += MIN(name + desc, size - at);
	}
	return 0;
}

/* The segments of notes; returns how many. */
static size_t find_places(int fd, bool wide, struct place places[SEGMENTS])
{
	size_t n = 0, count;
	Elf64_Ehdr e64;
	Elf32_Ehdr e32;

	if (wide ? !read_at(fd, &e64, sizeof(e64), 0) : !read_at(fd, &e32, sizeof(e32), 0))
		return 0;
	count = MIN((size_t)(wide ? e64.e_phnum : e32.e_phnum), (size_t)SEGMENTS);
	for (size_t i = 0; i < count; i++) {
		Elf64_Phdr p64;
		Elf32_Phdr p32;

		if (wide) {
			if (e64.e_phentsize != sizeof(p64) || !read_at(fd, &p64, sizeof(p64), e64.e_phoff + i * sizeof(p64)))
				return n;
			if (p64.p_type == PT_NOTE)
				places[n++] = (struct place){ p64.p_offset, p64.p_filesz };
		} else {
			if (e32.e_phentsize != sizeof(p32) || !read_at(fd, &p32, sizeof(p32), e32.e_phoff + i * sizeof(p32)))
				return n;
			if (p32.p_type == PT_NOTE)
				places[n++] = (struct place){ p32.p_offset, p32.p_filesz };
		}
	}
	return n;
}

uint32_t build_id_read(int fd, unsigned char id[BUILD_ID_MOST])
{
	struct place places[SEGMENTS];
	unsigned char ident[EI_NIDENT];
	size_t n;

	if (!read_at(fd, ident, sizeof(ident), 0) || memcmp(ident, ELFMAG, SELFMAG) != 0)
		return 0;
	n = find_places(fd, ident[EI_CLASS] == ELFCLASS64, places);
	for (size_t i = 0; i < n; i++) {
		uint32_t bytes = find_id(fd, places[i], id);

		if (bytes)
			return bytes;
	}
	return 0;
}
