/* SPDX-License-Identifier: BSD-2-Clause */
/* strace-payload: sockets, waiting for descriptors, timers, IPC. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <mqueue.h>
#include <net/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "strace-payload.h"

static void send_rights(int fd, int to_send)
{
	char control[CMSG_SPACE(2 * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))] = { 0 };
	struct iovec part = { (char *)"with rights", 11 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
				  .msg_controllen = CMSG_SPACE(2 * sizeof(int)) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);
	int fds[2] = { to_send, 0 };

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(c), fds, sizeof(fds));
	sendmsg(fd, &message, MSG_NOSIGNAL);
}

static void receive(int fd, int flags)
{
	char control[200], buffer[100];
	struct sockaddr_storage from;
	struct iovec part[2] = { { buffer, 4 }, { buffer + 50, 50 } };
	struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = part, .msg_iovlen = 2,
				  .msg_control = control, .msg_controllen = sizeof(control) };

	recvmsg(fd, &message, flags);
}

static void internet(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001) }, peer;
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = htons(9), .sin6_addr = in6addr_loopback };
	socklen_t len = sizeof(in), small = 4;
	char buffer[64];
	int value = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP), client, server;
	struct linger linger = { 1, 5 };
	struct timeval wait = { 2, 500000 };

	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value));
	setsockopt(listener, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
	setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value));
	setsockopt(listener, IPPROTO_IP, IP_TTL, &value, sizeof(value));
	setsockopt(listener, 777, 7, &value, sizeof(value));
	setsockopt(listener, SOL_SOCKET, 777, &value, 2);
	in.sin_port = htons(19);
	bind(listener, (struct sockaddr *)&in, 3);
	in.sin_addr.s_addr = htonl(0x01020304);
	bind(listener, (struct sockaddr *)&in, sizeof(in));
	in.sin_addr.s_addr = htonl(0x7f000001);
	in.sin_port = htons(34521);
	bind(listener, (struct sockaddr *)&in, sizeof(in));
	listen(listener, 5);
	getsockname(listener, (struct sockaddr *)&peer, &len);
	getsockname(listener, (struct sockaddr *)&peer, &small);
	getpeername(listener, (struct sockaddr *)&peer, &len);
	len = sizeof(value);
	getsockopt(listener, SOL_SOCKET, SO_TYPE, &value, &len);
	getsockopt(listener, SOL_SOCKET, SO_ERROR, &value, &len);
	getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &value, &len);
	len = sizeof(linger);
	getsockopt(listener, SOL_SOCKET, SO_LINGER, &linger, &len);
	client = socket(AF_INET, SOCK_STREAM, 0);
	connect(client, (struct sockaddr *)&in, sizeof(in));
	len = sizeof(peer);
	server = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	send(client, "hello\n", 6, MSG_NOSIGNAL);
	poll(&(struct pollfd){ server, POLLIN, 0 }, 1, -1);
	recv(server, buffer, 3, MSG_PEEK);
	recvfrom(server, buffer, sizeof(buffer), 0, NULL, NULL);
	recv(server, buffer, sizeof(buffer), MSG_DONTWAIT);
	shutdown(client, SHUT_WR);
	shutdown(client, 77);
	in.sin_port = 0;
	value = socket(AF_INET, SOCK_DGRAM, 0);
	sendto(listener, "datagram", 8, 0, (struct sockaddr *)&in6, sizeof(in6));
	in.sin_port = htons(34522);
	bind(value, (struct sockaddr *)&in, sizeof(in));
	sendto(value, "datagram", 8, 0, (struct sockaddr *)&in, sizeof(in));
	len = sizeof(peer);
	recvfrom(value, buffer, sizeof(buffer), MSG_DONTWAIT, (struct sockaddr *)&peer, &len);
	client = socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP);
	connect(client, (struct sockaddr *)&in6, sizeof(in6));
	len = sizeof(in6);
	getpeername(client, (struct sockaddr *)&in6, &len);
	socket(AF_INET, 77, 0);
	socket(77, SOCK_RAW, 7);
}

void payload_sockets(void)
{
	struct sockaddr_un un = { AF_UNIX, "socket" }, name;
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_groups = 5 };
	struct mmsghdr many[2] = { { .msg_hdr = { .msg_iov = &(struct iovec){ (char *)"one", 3 }, .msg_iovlen = 1 } },
				   { .msg_hdr = { .msg_iov = &(struct iovec){ (char *)"two!", 4 }, .msg_iovlen = 1 } } };
	char buffer[40];
	socklen_t len = sizeof(name);
	int pair[2], server, one = 1, netlink;

	socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
	socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair);
	setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof(one));
	send_rights(pair[0], 1);
	receive(pair[1], MSG_CMSG_CLOEXEC);
	receive(pair[1], MSG_DONTWAIT);
	sendmmsg(pair[0], many, 2, 0);
	recv(pair[1], buffer, 40, MSG_TRUNC);
	recvmsg(pair[1], NULL, MSG_DONTWAIT);
	recvmmsg(pair[1], many, 2, MSG_DONTWAIT, NULL);
	sendmsg(pair[0], &(struct msghdr){ 0 }, 0);
	server = socket(AF_UNIX, SOCK_STREAM, 0);
	bind(server, (struct sockaddr *)&un, sizeof(un));
	listen(server, 1);
	getsockname(server, (struct sockaddr *)&name, &len);
	un.sun_path[0] = 0;
	connect(pair[0], (struct sockaddr *)&un, 9);
	connect(pair[0], NULL, 0);
	connect(pair[0], (struct sockaddr *)&un, 2);
	connect(pair[0], (struct sockaddr *)&(struct sockaddr){ 77, "unknown" }, sizeof(struct sockaddr));
	netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	bind(netlink, (struct sockaddr *)&nl, sizeof(nl));
	ioctl(netlink, SIOCGIFINDEX, &(struct ifreq){ .ifr_name = "lo" });
	internet();
}

void payload_waits(void)
{
	struct pollfd polls[3] = { { 0, POLLIN, 0 }, { -1, POLLOUT | POLLPRI, 0 }, { 997, POLLIN, 7 } };
	struct epoll_event event = { .events = EPOLLIN | EPOLLET | EPOLLRDHUP, .data.u64 = 7 }, events[4];
	struct timespec ts = { 0, 1000 };
	struct timeval tv = { 0, 1000 };
	sigset_t set;
	int pipes[2], epoll, e;
	fd_set reads, writes;

	pipe(pipes);
	poll(polls, 3, 0);
	poll(polls, 0, 1);
	poll(NULL, 0, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	polls[0].fd = pipes[1];
	polls[0].events = POLLOUT | POLLIN | POLLRDHUP;
	ppoll(polls, 2, &ts, &set);
	polls[0].fd = pipes[0];
	ppoll(polls, 2, &ts, NULL);
	FD_ZERO(&reads);
	FD_ZERO(&writes);
	FD_SET(pipes[0], &reads);
	FD_SET(pipes[1], &writes);
	select(pipes[1] + 1, &reads, &writes, NULL, &tv);
	FD_SET(pipes[0], &reads);
	select(pipes[1] + 1, &reads, NULL, NULL, &tv);
	select(0, NULL, NULL, NULL, &tv);
	pselect(pipes[1] + 1, &writes, &writes, &writes, &ts, &set);
	select(-1, NULL, NULL, NULL, NULL);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	epoll_create(3);
	epoll_ctl(epoll, EPOLL_CTL_ADD, pipes[0], &event);
	event.events = EPOLLOUT;
	event.data.u64 = 0x123456789abcdefull;
	epoll_ctl(epoll, EPOLL_CTL_ADD, pipes[1], &event);
	epoll_ctl(epoll, EPOLL_CTL_DEL, 0, NULL);
	epoll_ctl(epoll, 77, 0, &event);
	epoll_wait(epoll, events, 4, 0);
	write(pipes[1], "x", 1);
	epoll_wait(epoll, events, 4, -1);
	epoll_wait(epoll, events, 0, -1);
	epoll_pwait(epoll, events, 4, 1, &set);
	syscall(SYS_epoll_pwait2, epoll, events, 4, &ts, NULL, 8);
	e = eventfd(3, EFD_CLOEXEC | EFD_SEMAPHORE);
	read(e, events, 8);
	write(e, "\1\0\0\0\0\0\0\0", 8);
	e = inotify_init1(IN_NONBLOCK);
	inotify_add_watch(e, ".", IN_CREATE | IN_DELETE | IN_ONLYDIR);
	inotify_rm_watch(e, 1);
	inotify_rm_watch(e, 7);
}

void payload_timers(void)
{
	struct timespec ts = { 0, 1000 }, left;
	struct itimerval it = { { 0, 0 }, { 100, 5 } };
	struct itimerspec its = { { 1, 0 }, { 1000, 0 } };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 3 };
	struct timeval tv;
	struct tms tms;
	int fd, id;

	nanosleep(&ts, NULL);
	nanosleep(&ts, &left);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, &left);
	clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &ts, NULL);
	ts.tv_nsec = -1;
	nanosleep(&ts, NULL);
	syscall(SYS_clock_gettime, CLOCK_REALTIME, &left);
	syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &left);
	syscall(SYS_clock_gettime, 77, &left);
	syscall(SYS_clock_getres, CLOCK_MONOTONIC_COARSE, &left);
	syscall(SYS_clock_settime, CLOCK_MONOTONIC, &left);
	syscall(SYS_gettimeofday, &tv, NULL);
#ifdef SYS_time
	syscall(SYS_time, NULL);
#endif
	times(&tms);
	setitimer(ITIMER_REAL, &it, NULL);
	it.it_value.tv_sec = 0;
	it.it_value.tv_usec = 0;
	setitimer(ITIMER_PROF, &it, &it);
	setitimer(77, &it, NULL);
	alarm(50);
	alarm(0);
	getitimer(ITIMER_VIRTUAL, &it);
	fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, &its);
	its.it_value.tv_sec = 0;
	timerfd_settime(fd, 0, &its, NULL);
	timerfd_gettime(fd, &its);
	syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &id);
	its.it_value.tv_sec = 1000;
	syscall(SYS_timer_settime, id, 0, &its, &its);
	syscall(SYS_timer_getoverrun, id);
	its.it_value.tv_sec = 0;
	syscall(SYS_timer_settime, id, TIMER_ABSTIME, &its, NULL);
	syscall(SYS_timer_gettime, id, &its);
	syscall(SYS_timer_delete, id);
	syscall(SYS_timer_create, CLOCK_REALTIME, NULL, &id);
	event.sigev_notify = SIGEV_NONE;
	syscall(SYS_timer_create, CLOCK_REALTIME, &event, &id);
}

void payload_ipc(void)
{
	struct sembuf ops[2] = { { 0, 1, 0 }, { 1, 0, IPC_NOWAIT | SEM_UNDO } };
	struct {
		long type;
		char text[20];
	} message = { 7, "message" };
	struct mq_attr attr = { .mq_maxmsg = 2, .mq_msgsize = 16 };
	struct shmid_ds shm;
	struct semid_ds sem;
	struct msqid_ds msq;
	unsigned priority;
	int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	void *p;

	shmget(0x1234567, 4096, 0);
	p = shmat(id, NULL, 0);
	shmat(-1, NULL, SHM_RDONLY);
	shmctl(id, IPC_STAT, &shm);
	shmdt(p);
	shmctl(id, IPC_RMID, NULL);
	id = semget(IPC_PRIVATE, 2, IPC_CREAT | 0600);
	semop(id, ops, 2);
	semtimedop(id, ops, 1, &(struct timespec){ 1, 0 });
	semctl(id, 0, GETVAL);
	semctl(id, 0, SETVAL, 5);
	semctl(id, 0, IPC_STAT, &sem);
	semctl(id, 0, IPC_RMID);
	id = msgget(IPC_PRIVATE, IPC_CREAT | IPC_EXCL | 0600);
	msgsnd(id, &message, 7, IPC_NOWAIT);
	msgctl(id, IPC_STAT, &msq);
	msgrcv(id, &message, 20, 0, MSG_NOERROR);
	msgrcv(id, &message, 20, 0, IPC_NOWAIT);
	msgctl(id, IPC_RMID, NULL);
	mq_unlink("/seam-strace-text");
	id = mq_open("/seam-strace-text", O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attr);
	mq_getattr(id, &attr);
	mq_send(id, "queued", 6, 3);
	mq_receive(id, message.text, 16, &priority);
	mq_receive(id, message.text, 16, &priority);
	mq_unlink("/seam-strace-text");
}
