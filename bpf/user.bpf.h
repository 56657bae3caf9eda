/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * Memory of the program that runs. bpf_probe_read_user() takes 150 ns, however little it reads: more than all else that a record
 * costs. The kernel has all memory mapped a second time, so the page is looked up in the program's page tables, as the processor
 * does, and read there: 30 ns for what is short, 70 for the rest. What is not simple (a page that is not there, of a device, under a key;
 * a piece across two pages) is read the usual way, and so is everything where the recorder did not find its own memory like this.
 *
 * Another thread may take the page away meanwhile. So the last two entries are looked at again after the bytes, as the kernel does where it
 * takes no lock either; if they have changed, the bytes are not used.
 */
#ifndef USER_BPF_H
#define USER_BPF_H

#include "verifier.bpf.h"

#include "bpf/kernel-side.h"

/* Where all memory is mapped, found by record_find_memory(); 0: not known, so that nothing is looked up. */
SEC(".bss.memory") uint64_t memory_base;
SEC(".bss.memory") uint32_t memory_levels; /* of page tables */

enum { ENTRY_PRESENT = 1 << 0, ENTRY_USER = 1 << 2, ENTRY_LARGE = 1 << 7, ENTRY_SPECIAL = 1 << 9 };
#define ENTRY_TABLE (ENTRY_PRESENT | ENTRY_USER)
#define ENTRY_FRAME 0x000ffffffffff000ull
#define ENTRY_UNUSUAL (0x7ff0000000000000ull | ENTRY_SPECIAL) /* keys, and what only the kernel knows the meaning of */
#define PAGE_BYTES 4096u
#define LARGE_BYTES (2u << 20)

#define USER_SHORT 16u /* bytes that are written for what is that long or shorter */

/* Where a piece of memory is, and what has to be so still when it has been read. It stands with the processor: stacks are short. */
struct user_place {
	uint64_t at;
	uint32_t room; /* bytes to the end of its page */
	uint64_t entry_at[2], entry[2];
};

static __always_inline uint64_t word_of(const void *where)
{
	const struct thread_info *begins_with_a_word;

	if (!bpf_rdonly_cast)
		return 0;
	begins_with_a_word = bpf_rdonly_cast(where, bpf_core_type_id_kernel(struct thread_info));
	return begins_with_a_word->flags;
}

static __always_inline uint64_t word_at(uint64_t address)
{
	return word_of((const void *)address);
}

static __always_inline uint64_t entry_at(uint64_t table, uint64_t address, uint32_t shift)
{
	return table + (address >> shift & 511) * 8;
}

/* false: it has to be read the usual way. */
static __always_inline bool user_find(const struct task_struct *task, uint64_t address, struct user_place *ret)
{
	uint64_t base = memory_base, table, e;
	uint32_t levels = memory_levels;

	if (!bpf_core_field_exists(struct pt_regs___x86, orig_ax) || !bpf_rdonly_cast)
		return false;
	if (!base || address >> (levels == 5 ? 56 : 47))
		return false;
	/* numbers, since the verifier looks through all of the kernel's types for what a pointer points to */
	table = word_of(&task->mm);
	table = word_at(table + bpf_core_field_offset(struct mm_struct, pgd));
	if (levels == 5) {
		e = word_at(entry_at(table, address, 48));
		if ((e & (ENTRY_TABLE | ENTRY_LARGE)) != ENTRY_TABLE)
			return false;
		table = base + (e & ENTRY_FRAME);
	}
	e = word_at(entry_at(table, address, 39));
	if ((e & (ENTRY_TABLE | ENTRY_LARGE)) != ENTRY_TABLE)
		return false;
	e = word_at(entry_at(base + (e & ENTRY_FRAME), address, 30));
	if ((e & (ENTRY_TABLE | ENTRY_LARGE)) != ENTRY_TABLE)
		return false;
	ret->entry_at[0] = entry_at(base + (e & ENTRY_FRAME), address, 21);
	ret->entry[0] = e = word_at(ret->entry_at[0]);
	if ((e & ENTRY_TABLE) != ENTRY_TABLE || e & ENTRY_UNUSUAL)
		return false;
	if (e & ENTRY_LARGE) {
		ret->entry_at[1] = ret->entry_at[0];
		ret->entry[1] = e;
		ret->at = base + (e & ENTRY_FRAME & ~(LARGE_BYTES - 1ull)) + (address & (LARGE_BYTES - 1));
		ret->room = (uint32_t)(LARGE_BYTES - (address & (LARGE_BYTES - 1)));
		return true;
	}
	ret->entry_at[1] = entry_at(base + (e & ENTRY_FRAME), address, 12);
	ret->entry[1] = e = word_at(ret->entry_at[1]);
	if ((e & ENTRY_TABLE) != ENTRY_TABLE || e & ENTRY_UNUSUAL)
		return false;
	ret->at = base + (e & ENTRY_FRAME) + (address & (PAGE_BYTES - 1));
	ret->room = (uint32_t)(PAGE_BYTES - (address & (PAGE_BYTES - 1)));
	return true;
}

/* It was there all the time. */
static __always_inline bool user_stays(const struct user_place *place)
{
	return word_at(place->entry_at[0]) == place->entry[0] && word_at(place->entry_at[1]) == place->entry[1];
}

/* Up to USER_SHORT bytes and others behind them, for which there is room; false: it was not done. */
static __always_inline bool user_read_short(void *to, uint32_t bytes, const struct user_place *place)
{
	uint64_t first, second;
	uint32_t *word = to;

	if (bytes > USER_SHORT || place->room < USER_SHORT)
		return false;
	/* a page that nothing maps reads as zeros */
	first = word_at(place->at);
	if (!first)
		return false;
	second = word_at(place->at + 8);
	word[0] = (uint32_t)first;
	word[1] = (uint32_t)(first >> 32);
	word[2] = (uint32_t)second;
	word[3] = (uint32_t)(second >> 32);
	return true;
}

/* 0, or an error. At least USER_SHORT bytes may be written, however few are asked for. */
static __always_inline long user_read(const struct task_struct *task, struct user_place *place, void *to, uint32_t bytes, uint64_t address)
{
	uint32_t n = (uint32_t)forgotten(bytes); /* what is found out about it here is of no use later */

	if (user_find(task, address, place) && place->room >= n &&
	    (user_read_short(to, n, place) || !bpf_probe_read_kernel(to, bytes, (const void *)place->at)) && user_stays(place))
		return 0;
	return bpf_probe_read_user(to, bytes, (const void *)address);
}

#define STRING_WORDS 8u

/* A string of less than so many words, with bytes of no meaning behind it; returns its length with its NUL, 0 if it was not done. */
static __always_inline uint32_t user_read_short_string(void *to, const struct user_place *place)
{
	uint32_t *half = to, at = 0;

	if (place->room < STRING_WORDS * 8)
		return 0;
#pragma unroll
	for (uint32_t i = 0; i < STRING_WORDS; i++) {
		uint64_t word = word_at(place->at + i * 8), ends;

		if (!i && !word)
			return 0; /* nothing may be mapped there */
		half[2 * i] = (uint32_t)word;
		half[2 * i + 1] = (uint32_t)(word >> 32);
		/* the highest bit of each byte that is 0, of which the first one is right */
		ends = (word - 0x0101010101010101ull) & ~word & 0x8080808080808080ull;
		if (ends) {
			ends = (ends & -ends) >> 7;
			at = i * 8 + (uint32_t)(ends * 0x0001020304050607ull >> 56) + 1;
			break;
		}
	}
	return (uint32_t)forgotten(at);
}

/* bpf_probe_read_user_str(), which on older kernels (6.1 is one) does not count the NUL of an empty string. */
static __always_inline long probe_string(void *to, uint32_t most, uint64_t address)
{
	long got = bpf_probe_read_user_str(to, most, (const void *)address);

	return got ? got : 1;
}

/* The same for most strings. It begins at a multiple of 4, and at least STRING_WORDS words may be written. */
static __always_inline long user_read_string(const struct task_struct *task, struct user_place *place, void *to, uint32_t most, uint64_t address)
{
	long got;

	if (user_find(task, address, place) && place->room >= (uint32_t)forgotten(most)) {
		got = user_read_short_string(to, place);
		if (!got || got > (long)most)
			got = bpf_probe_read_kernel_str(to, most, (const void *)place->at);
		if (got > 0 && user_stays(place))
			return got;
	}
	return probe_string(to, most, address);
}

#ifndef SEAM_OLD
#define MEMORY_STEP (1ull << 30) /* the mapping begins at a multiple of that */
#define MEMORY_STEPS 16384u      /* and no more than so much lies below any address in it */

struct memory_search {
	const uint64_t *from; /* where the sign is in the recorder's memory, and the sign */
	uint64_t top;
};

static long try_base(uint32_t i, struct memory_search *search)
{
	struct task_struct *task = task_here();
	uint64_t seen[MEMORY_SIGN] = { 0 }, differs = 0;
	struct user_place place;

	memory_levels = i & 1 ? 5 : 4;
	memory_base = search->top - (i / 2) * MEMORY_STEP;
	if (!user_find(task, search->from[0], &place) || place.room < sizeof(seen) ||
	    bpf_probe_read_kernel(seen, sizeof(seen), (const void *)place.at))
		return 0;
	for (uint32_t k = 0; k < MEMORY_SIGN; k++)
		differs |= seen[k] ^ search->from[1 + k];
	return !differs;
}

/*
 * The recorder runs it itself, with the address of something that is nowhere else, and that: the mapping is where it is found. Nothing is
 * asked of the kernel's configuration, which may differ in ways that nobody has thought of.
 */
SEC("raw_tp") int record_find_memory(uint64_t *sought)
{
	uint64_t from[1 + MEMORY_SIGN] = { sought[0], sought[1], sought[2], sought[3], sought[4] };
	struct task_struct *task = task_here();
	struct memory_search search = { .from = from };

	if (!bpf_core_field_exists(struct pt_regs___x86, orig_ax) || !bpf_rdonly_cast)
		return 0;
	if (!task->mm || bpf_probe_read_kernel(&search.top, sizeof(search.top), &task->mm->pgd))
		return 0;
	search.top &= ~(MEMORY_STEP - 1);
	if (each(2 * MEMORY_STEPS, try_base, &search) == 2 * MEMORY_STEPS)
		memory_base = 0;
	return memory_base != 0;
}
#endif

#endif
