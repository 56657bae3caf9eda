/* SPDX-License-Identifier: BSD-2-Clause */
/* Trials: message queues, semaphores, shared memory, futexes. */
#include "self.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <time.h>

static void trial_mq(void)
{
	char name_of_ours[40], *name, *data = text("message"), *to = room(64);
	struct mq_attr *attr = NEW(struct mq_attr, .mq_maxmsg = 2, .mq_msgsize = 64), *old = ROOM(struct mq_attr);
	struct timespec *limit = NEW(struct timespec, 1, 0);
	struct sigevent *event = ROOM(struct sigevent);
	unsigned *prio = ROOM(unsigned);
	long fd;

	snprintf(name_of_ours, sizeof(name_of_ours), "seam-live-%d", getpid());
	name = text(name_of_ours);
	fd = CALL(mq_open, name, O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK, 0600, attr);
	IN_TEXT(name), IN(attr, 64);
	CAN(fd);
	MUST(fd >= 0);
	GIVES(CALL(mq_timedsend, fd, data, 7, 3, limit), 0);
	IN(data, 7), IN(limit, 16);
	GIVES(CALL(mq_timedreceive, fd, to, 64, prio, NULL), 7);
	OUT(to, 7), OUT(prio, 4);
	MUST(*prio == 3);
	GIVES(CALL(mq_timedreceive, fd, to, 64, prio, NULL), -EAGAIN);
	GIVES(CALL(mq_getsetattr, fd, attr, old), 0);
	IN(attr, 64), OUT(old, 64);
	memset(event, 0, sizeof(*event));
	event->sigev_notify = SIGEV_NONE;
	GIVES(CALL(mq_notify, fd, event), 0);
	IN(event, 64);
	GIVES(CALL(mq_notify, fd, NULL), 0);
	GIVES(CALL(mq_unlink, name), 0);
	IN_TEXT(name);
	GIVES(CALL(mq_open, name, O_RDONLY, 0, attr), -ENOENT);
	IN_TEXT(name), IN(attr, 64);
	GIVES(CALL(mq_open, name, O_RDONLY, 0, BAD), -EFAULT); /* it is read even if nobody needs it */
	IN_TEXT(name), IN_FAULT(BAD, 0, 64);
	close((int)fd);
}

static void trial_msg(void)
{
	struct {
		long type;
		char text[32];
	} *send = room(sizeof(*send)), *got = room(sizeof(*got));
	struct msqid_ds *ds = ROOM(struct msqid_ds);
	char *info = room(32);
	long id = CALL(msgget, IPC_PRIVATE, 0600);

	CAN(id);
	send->type = 5;
	memcpy(send->text, "hello", 5);
	GIVES(CALL(msgsnd, id, send, 5, 0), 0);
	IN(send, 8), IN(send->text, 5);
	GIVES(CALL(msgrcv, id, got, 32, 0, 0), 5);
	OUT(got, 8), OUT(got->text, 5);
	MUST(got->type == 5);
	GIVES(CALL(msgrcv, id, got, 32, 0, IPC_NOWAIT), -ENOMSG);
	GIVES(CALL(msgctl, id, IPC_STAT, ds), 0);
	OUT(ds, 120);
	GIVES(CALL(msgctl, id, IPC_SET, ds), 0);
	IN(ds, 120);
	MUST(CALL(msgctl, 0, MSG_INFO, info) >= 0);
	OUT(info, 32), holes();
	GIVES(CALL(msgctl, id, IPC_RMID, BAD), 0);
}

static void trial_sem(void)
{
	struct sembuf *up = NEW(struct sembuf, 0, 1, 0);
	struct timespec *limit = NEW(struct timespec, 0, 1000);
	struct semid_ds *ds = ROOM(struct semid_ds);
	long id = CALL(semget, IPC_PRIVATE, 3, 0600);

	CAN(id);
	GIVES(CALL(semop, id, up, 1), 0);
	IN(up, 6);
	up->sem_op = -2;
	GIVES(CALL(semtimedop, id, up, 1, limit), -EAGAIN);
	IN(up, 6), IN(limit, 16);
	GIVES(CALL(semctl, id, 0, GETVAL, BAD), 1);
	GIVES(CALL(semctl, id, 0, SETVAL, 4), 0);
	GIVES(CALL(semctl, id, 0, IPC_STAT, ds), 0);
	OUT(ds, sizeof(*ds));
	GIVES(CALL(semctl, id, 0, IPC_RMID, 0), 0);
}

static void trial_shm(void)
{
	struct shmid_ds *ds = ROOM(struct shmid_ds);
	long id = CALL(shmget, IPC_PRIVATE, 4096, 0600), at;

	CAN(id);
	GIVES(CALL(shmctl, id, IPC_STAT, ds), 0);
	OUT(ds, 112);
	at = CALL(shmat, id, NULL, 0);
	MUST(at > 0);
	GIVES(CALL(shmdt, at), 0);
	GIVES(CALL(shmctl, id, IPC_SET, ds), 0);
	IN(ds, 112);
	GIVES(CALL(shmctl, id, IPC_RMID, NULL), 0);
}

static void trial_futex(void)
{
	uint32_t *word = NEW(uint32_t, 7), *other = NEW(uint32_t, 9);
	struct timespec *limit = NEW(struct timespec, 0, 1000);

	GIVES(CALL(futex, word, FUTEX_WAIT_PRIVATE, 8, limit, BAD, 0), -EAGAIN);
	IN(word, 4), IN(limit, 16);
	GIVES(CALL(futex, word, FUTEX_WAIT, 7, limit, NULL, 0), -ETIMEDOUT);
	IN(word, 4), IN(limit, 16);
	GIVES(CALL(futex, word, FUTEX_WAKE_PRIVATE, 1, BAD, BAD, 0), 0);
	GIVES(CALL(futex, word, FUTEX_CMP_REQUEUE, 1, 1, other, 7), 0);
	IN(word, 4);
	GIVES(CALL(futex, word, FUTEX_WAKE_OP, 1, 1, other, FUTEX_OP(FUTEX_OP_SET, 3, FUTEX_OP_CMP_EQ, 9)), 0);
	BOTH(other, 4);
	MUST(*other == 3);
	*word = 0;
	GIVES(CALL(futex, word, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0), 0);
	BOTH(word, 4);
	MUST(*word == (uint32_t)getpid());
	GIVES(CALL(futex, word, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0), 0);
	BOTH(word, 4);
}

static void trial_futex_waitv(void)
{
	struct waitv {
		uint64_t val, uaddr;
		uint32_t flags, reserved;
	} *v = room(2 * sizeof(*v));
	uint32_t *a = NEW(uint32_t, 1), *b = NEW(uint32_t, 2);
	struct timespec *past = NEW(struct timespec, 1, 0);
	long r;

	v[0] = (struct waitv){ 1, W(a), 2, 0 };
	v[1] = (struct waitv){ 2, W(b), 2, 0 };
	r = CALL(futex_waitv, v, 2, 0, past, CLOCK_MONOTONIC);
	IN(v, 48), IN(a, 4), IN(b, 4), IN(past, 16);
	CAN(r);
	GIVES(r, -ETIMEDOUT);
}

static void trial_robust_list(void)
{
	uint64_t **head = ROOM(uint64_t *);
	size_t *len = ROOM(size_t);

	GIVES(CALL(get_robust_list, 0, head, len), 0);
	OUT(head, 8), OUT(len, 8);
	GIVES(CALL(set_robust_list, *head, *len), 0);
}

const struct trial ipc_trials[] = {
	TRIAL(mq), TRIAL(msg), TRIAL(sem), TRIAL(shm), TRIAL(futex), TRIAL(futex_waitv), TRIAL(robust_list), { 0 },
};
