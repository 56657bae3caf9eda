/* SPDX-License-Identifier: BSD-2-Clause */
/* A bug to be found: every look at the balance is under a lock, and yet more is paid out than there is. bank JOURNAL */
#include "bug.h"

#include <fcntl.h>
#include <sys/socket.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int balance = 100;
static int journal;

static int look(void)
{
	int now;

	pthread_mutex_lock(&lock);
	now = balance;
	pthread_mutex_unlock(&lock);
	return now;
}

static int take(int amount)
{
	int now;

	pthread_mutex_lock(&lock);
	now = balance -= amount;
	pthread_mutex_unlock(&lock);
	return now;
}

/* Serves one customer: "withdraw N". */
static void serve(int customer, int mine, int other)
{
	char request[32] = "";
	int amount;

	if (read(customer, request, sizeof(request) - 1) <= 9)
		_exit(2);
	amount = (int)strtol(request + 9, NULL, 10);
	if (look() >= amount) {
		say(journal, "%d of %d allowed\n", amount, look());
		reached(mine);
		await(other);
		say(customer, "paid, %d left\n", take(amount));
	} else {
		say(customer, "refused\n");
	}
}

static void *north(void *customer)
{
	name_thread("north");
	serve(*(int *)customer, 1, 2);
	reached(3);
	return NULL;
}

static void *south(void *customer)
{
	name_thread("south");
	await(1);
	serve(*(int *)customer, 2, 3);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];
	int ends[2][2];

	if (argc < 2 || (journal = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666)) < 0)
		return 2;
	for (int i = 0; i < 2; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends[i]) < 0)
			return 2;
		threads[i] = begin(i ? south : north, &ends[i][1]);
	}
	say(ends[0][0], "withdraw 80\n");
	say(ends[1][0], "withdraw 70\n");
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	check(look() >= 0, "bank: the account is at %d\n", look());
	return 0;
}
