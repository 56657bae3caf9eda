/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the kernel's interface has and its UAPI headers do not show: structures and constants that the kernel keeps in
 * headers and sources of its own. Each says where it stands there. Read only by `extract`, before all other headers,
 * so it also declares the few things that those expect of a libc.
 */
#include <linux/types.h>
#include <linux/time.h>

#define NULL ((void *)0)

typedef __kernel_size_t size_t;
typedef __kernel_ssize_t ssize_t;
typedef __s8 int8_t;
typedef __s16 int16_t;
typedef __s32 int32_t;
typedef __s64 int64_t;
typedef __u8 uint8_t;
typedef __u16 uint16_t;
typedef __u32 uint32_t;
typedef __u64 uint64_t;
typedef __u8 u_int8_t;
typedef __u16 u_int16_t;
typedef __u32 u_int32_t;
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;
typedef __kernel_caddr_t caddr_t;
typedef unsigned short sa_family_t;
typedef __kernel_old_time_t time_t;
typedef unsigned long ino_t;

/* include/linux/socket.h */
struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

struct linger {
	int l_onoff;
	int l_linger;
};

struct user_msghdr {
	void *msg_name;
	int msg_namelen;
	struct iovec *msg_iov;
	__kernel_size_t msg_iovlen;
	void *msg_control;
	__kernel_size_t msg_controllen;
	unsigned int msg_flags;
};

struct mmsghdr {
	struct user_msghdr msg_hdr;
	unsigned int msg_len;
};

struct cmsghdr {
	__kernel_size_t cmsg_len;
	int cmsg_level;
	int cmsg_type;
};

struct ucred {
	__u32 pid;
	__u32 uid;
	__u32 gid;
};

#define AF_UNSPEC	0
#define AF_UNIX		1
#define AF_LOCAL	1
#define AF_INET		2
#define AF_AX25		3
#define AF_IPX		4
#define AF_APPLETALK	5
#define AF_NETROM	6
#define AF_BRIDGE	7
#define AF_ATMPVC	8
#define AF_X25		9
#define AF_INET6	10
#define AF_ROSE		11
#define AF_DECnet	12
#define AF_NETBEUI	13
#define AF_SECURITY	14
#define AF_KEY		15
#define AF_NETLINK	16
#define AF_ROUTE	16
#define AF_PACKET	17
#define AF_ASH		18
#define AF_ECONET	19
#define AF_ATMSVC	20
#define AF_RDS		21
#define AF_SNA		22
#define AF_IRDA		23
#define AF_PPPOX	24
#define AF_WANPIPE	25
#define AF_LLC		26
#define AF_IB		27
#define AF_MPLS		28
#define AF_CAN		29
#define AF_TIPC		30
#define AF_BLUETOOTH	31
#define AF_IUCV		32
#define AF_RXRPC	33
#define AF_ISDN		34
#define AF_PHONET	35
#define AF_IEEE802154	36
#define AF_CAIF		37
#define AF_ALG		38
#define AF_NFC		39
#define AF_VSOCK	40
#define AF_KCM		41
#define AF_QIPCRTR	42
#define AF_SMC		43
#define AF_XDP		44
#define AF_MCTP		45

#define SOMAXCONN	4096

#define MSG_OOB			1
#define MSG_PEEK		2
#define MSG_DONTROUTE		4
#define MSG_CTRUNC		8
#define MSG_PROBE		0x10
#define MSG_TRUNC		0x20
#define MSG_DONTWAIT		0x40
#define MSG_EOR			0x80
#define MSG_WAITALL		0x100
#define MSG_FIN			0x200
#define MSG_SYN			0x400
#define MSG_CONFIRM		0x800
#define MSG_RST			0x1000
#define MSG_ERRQUEUE		0x2000
#define MSG_NOSIGNAL		0x4000
#define MSG_MORE		0x8000
#define MSG_WAITFORONE		0x10000
#define MSG_BATCH		0x40000
#define MSG_NO_SHARED_FRAGS	0x80000
#define MSG_SOCK_DEVMEM		0x2000000
#define MSG_ZEROCOPY		0x4000000
#define MSG_SPLICE_PAGES	0x8000000
#define MSG_FASTOPEN		0x20000000
#define MSG_CMSG_CLOEXEC	0x40000000

#define SCM_RIGHTS	1
#define SCM_CREDENTIALS	2
#define SCM_SECURITY	3
#define SCM_PIDFD	4

#define SOL_IP		0
#define SOL_ICMP	1
#define SOL_TCP		6
#define SOL_UDP		17
#define SOL_IPV6	41
#define SOL_ICMPV6	58
#define SOL_SCTP	132
#define SOL_UDPLITE	136
#define SOL_RAW		255
#define SOL_IPX		256
#define SOL_AX25	257
#define SOL_ATALK	258
#define SOL_NETROM	259
#define SOL_ROSE	260
#define SOL_DECNET	261
#define SOL_X25		262
#define SOL_PACKET	263
#define SOL_ATM		264
#define SOL_AAL		265
#define SOL_IRDA	266
#define SOL_NETBEUI	267
#define SOL_LLC		268
#define SOL_DCCP	269
#define SOL_NETLINK	270
#define SOL_TIPC	271
#define SOL_RXRPC	272
#define SOL_PPPOL2TP	273
#define SOL_BLUETOOTH	274
#define SOL_PNPIPE	275
#define SOL_RDS		276
#define SOL_IUCV	277
#define SOL_CAIF	278
#define SOL_ALG		279
#define SOL_NFC		280
#define SOL_KCM		281
#define SOL_TLS		282
#define SOL_XDP		283
#define SOL_MPTCP	284
#define SOL_MCTP	285
#define SOL_SMC		286
#define SOL_VSOCK	287

/* include/linux/net.h: there an enum and flags in terms of those of open */
#define SOCK_STREAM	1
#define SOCK_DGRAM	2
#define SOCK_RAW	3
#define SOCK_RDM	4
#define SOCK_SEQPACKET	5
#define SOCK_DCCP	6
#define SOCK_PACKET	10
#define SOCK_TYPE_MASK	0xf
#define SOCK_NONBLOCK	04000
#define SOCK_CLOEXEC	02000000

#define SHUT_RD		0
#define SHUT_WR		1
#define SHUT_RDWR	2

/* fs/readdir.c and include/linux/dirent.h */
struct linux_dirent {
	unsigned long d_ino;
	unsigned long d_off;
	unsigned short d_reclen;
	char d_name[];
};

struct linux_dirent64 {
	__u64 d_ino;
	__s64 d_off;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[];
};

/* fs/select.c: the sixth argument of pselect6 */
struct sigset_argpack {
	void *p;
	__kernel_size_t size;
};

/* fs/aio.c: the last argument of io_pgetevents */
struct __aio_sigset {
	const void *sigmask;
	__kernel_size_t sigsetsize;
};

/* include/linux/getcpu.h */
struct getcpu_cache {
	unsigned long blob[128 / sizeof(long)];
};

/* include/linux/fs.h: flags of umount2 and what file types are in a mode shifted down */
#define MNT_FORCE	0x1
#define MNT_DETACH	0x2
#define MNT_EXPIRE	0x4
#define UMOUNT_NOFOLLOW	0x8

#define DT_UNKNOWN	0
#define DT_FIFO		1
#define DT_CHR		2
#define DT_DIR		4
#define DT_BLK		6
#define DT_REG		8
#define DT_LNK		10
#define DT_SOCK		12
#define DT_WHT		14

/* The checks of access, which in the kernel are MAY_EXEC and its like: the names that programs use */
#define F_OK	0
#define X_OK	1
#define W_OK	2
#define R_OK	4

/* include/linux/splice.h */
#define SPLICE_F_MOVE		0x1
#define SPLICE_F_NONBLOCK	0x2
#define SPLICE_F_MORE		0x4
#define SPLICE_F_GIFT		0x8

/* include/linux/swap.h */
#define SWAP_FLAG_PREFER	0x8000
#define SWAP_FLAG_PRIO_MASK	0x7fff
#define SWAP_FLAG_DISCARD	0x10000
#define SWAP_FLAG_DISCARD_ONCE	0x20000
#define SWAP_FLAG_DISCARD_PAGES	0x40000

/* include/linux/syslog.h */
#define SYSLOG_ACTION_CLOSE		0
#define SYSLOG_ACTION_OPEN		1
#define SYSLOG_ACTION_READ		2
#define SYSLOG_ACTION_READ_ALL		3
#define SYSLOG_ACTION_READ_CLEAR	4
#define SYSLOG_ACTION_CLEAR		5
#define SYSLOG_ACTION_CONSOLE_OFF	6
#define SYSLOG_ACTION_CONSOLE_ON	7
#define SYSLOG_ACTION_CONSOLE_LEVEL	8
#define SYSLOG_ACTION_SIZE_UNREAD	9
#define SYSLOG_ACTION_SIZE_BUFFER	10

/* include/linux/errno.h: never seen by a program, but by whoever looks at the exit of a call from outside */
#define ERESTARTSYS		512
#define ERESTARTNOINTR		513
#define ERESTARTNOHAND		514
#define ENOIOCTLCMD		515
#define ERESTART_RESTARTBLOCK	516
#define EPROBE_DEFER		517
#define EOPENSTALE		518
#define ENOPARAM		519
#define EBADHANDLE		521
#define ENOTSYNC		522
#define EBADCOOKIE		523
#define ENOTSUPP		524
#define ETOOSMALL		525
#define ESERVERFAULT		526
#define EBADTYPE		527
#define EJUKEBOX		528
#define EIOCBQUEUED		529
#define ERECALLCONFLICT		530
#define ENOGRACE		531

/* include/linux/socket.h: the name that the kernel itself has for __kernel_sockaddr_storage */
struct sockaddr_storage {
	sa_family_t ss_family;
	char __data[126];
} __attribute__((aligned(8)));

/* fs/fhandle.c */
struct file_handle {
	__u32 handle_bytes;
	int handle_type;
	unsigned char f_handle[];
};

/* include/linux/types.h */
struct ustat {
	__kernel_daddr_t f_tfree;
	unsigned long f_tinode;
	char f_fname[6];
	char f_fpack[6];
};

/* include/linux/stat.h */
#define UTIME_NOW	((1l << 30) - 1l)
#define UTIME_OMIT	((1l << 30) - 2l)

/* include/linux/statfs.h */
#define ST_RDONLY	0x1
#define ST_NOSUID	0x2
#define ST_NODEV	0x4
#define ST_NOEXEC	0x8
#define ST_SYNCHRONOUS	0x10
#define ST_VALID	0x20
#define ST_MANDLOCK	0x40
#define ST_NOATIME	0x400
#define ST_NODIRATIME	0x800
#define ST_RELATIME	0x1000
#define ST_NOSYMFOLLOW	0x2000

/* include/uapi/linux/sched/types.h once, now include/linux/sched.h */
struct sched_param {
	int sched_priority;
};

/* The size of huge pages (log2) in the flags of mmap, above MAP_HUGE_SHIFT; the mode below the flags of a memory policy.
 * The kernel has no names for these masks. */
#define MAP_HUGE_FIELD	0xfc000000
#define MPOL_MODE_FIELD	0x1fff

#if __has_include(<asm/ldt.h>)
/* Of x86, which alone has that header: arch/x86/include/asm/user_64.h. riscv has a user_regs_struct too, but shows it. */
struct user_regs_struct {
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss;
	unsigned long fs_base, gs_base, ds, es, fs, gs;
};

struct user_i387_struct {
	unsigned short cwd, swd, twd, fop;
	__u64 rip, rdp;
	__u32 mxcsr, mxcsr_mask, st_space[32], xmm_space[64], padding[24];
};
#endif

/* include/uapi/linux/msg.h calls it msgbuf and gives mtext one byte; it has as many as the call's size says */
struct sysv_msgbuf {
	__kernel_long_t mtype;
	char mtext[];
};

/* What the structures tls12_crypto_info_* (include/uapi/linux/tls.h) have in common */
struct tls_crypto {
	__u16 version;
	__u16 cipher_type;
	__u8 material[];
};

/* struct ifreq (include/uapi/linux/if.h) as the MII ioctls see it: a mii_ioctl_data in its union */
struct ifreq_mii {
	char ifrn_name[16];
	__u16 phy_id;
	__u16 reg_num;
	__u16 val_in;
	__u16 val_out;
	__u64 pad[2];
};

/* include/net/smc.h */
#define SMCPROTO_SMC	0
#define SMCPROTO_SMC6	1

/* include/net/bluetooth/bluetooth.h */
#define BTPROTO_L2CAP	0
#define BTPROTO_HCI	1
#define BTPROTO_SCO	2
#define BTPROTO_RFCOMM	3
#define BTPROTO_BNEP	4
#define BTPROTO_CMTP	5
#define BTPROTO_HIDP	6
#define BTPROTO_AVDTP	7
#define BTPROTO_ISO	8

#define SOL_HCI		0
#define SOL_L2CAP	6
#define SOL_SCO		17
#define SOL_RFCOMM	18

#define BT_SECURITY		4
#define BT_DEFER_SETUP		7
#define BT_FLUSHABLE		8
#define BT_POWER		9
#define BT_CHANNEL_POLICY	10
#define BT_VOICE		11
#define BT_SNDMTU		12
#define BT_RCVMTU		13
#define BT_PHY			14
#define BT_MODE			15
#define BT_PKT_STATUS		16
#define BT_ISO_QOS		17
#define BT_CODEC		19
#define BT_ISO_BASE		20

struct bt_security {
	__u8 level;
	__u8 key_size;
};

/* include/scsi/scsi_ioctl.h and include/scsi/scsi.h */
#define SCSI_IOCTL_SEND_COMMAND		1
#define SCSI_IOCTL_TEST_UNIT_READY	2
#define SCSI_IOCTL_BENCHMARK_COMMAND	3
#define SCSI_IOCTL_SYNC			4
#define SCSI_IOCTL_START_UNIT		5
#define SCSI_IOCTL_STOP_UNIT		6
#define SCSI_IOCTL_DOORLOCK		0x5380
#define SCSI_IOCTL_DOORUNLOCK		0x5381
#define SCSI_IOCTL_GET_IDLUN		0x5382
#define SCSI_IOCTL_PROBE_HOST		0x5385
#define SCSI_IOCTL_GET_BUS_NUMBER	0x5386
#define SCSI_IOCTL_GET_PCI		0x5387

struct scsi_idlun {
	__u32 dev_id;
	__u32 host_unique_id;
};

/* include/scsi/sg.h */
#define SG_SET_TIMEOUT		0x2201
#define SG_GET_TIMEOUT		0x2202
#define SG_EMULATED_HOST	0x2203
#define SG_SET_TRANSFORM	0x2204
#define SG_GET_TRANSFORM	0x2205
#define SG_GET_COMMAND_Q	0x2270
#define SG_SET_COMMAND_Q	0x2271
#define SG_GET_RESERVED_SIZE	0x2272
#define SG_SET_RESERVED_SIZE	0x2275
#define SG_GET_SCSI_ID		0x2276
#define SG_SET_FORCE_LOW_DMA	0x2279
#define SG_GET_LOW_DMA		0x227a
#define SG_SET_FORCE_PACK_ID	0x227b
#define SG_GET_PACK_ID		0x227c
#define SG_GET_NUM_WAITING	0x227d
#define SG_SET_DEBUG		0x227e
#define SG_GET_SG_TABLESIZE	0x227f
#define SG_GET_VERSION_NUM	0x2282
#define SG_NEXT_CMD_LEN		0x2283
#define SG_SCSI_RESET		0x2284
#define SG_IO			0x2285
#define SG_GET_REQUEST_TABLE	0x2286
#define SG_SET_KEEP_ORPHAN	0x2287
#define SG_GET_KEEP_ORPHAN	0x2288
#define SG_GET_ACCESS_COUNT	0x2289

#define SG_DXFER_NONE		(-1)
#define SG_DXFER_TO_DEV		(-2)
#define SG_DXFER_FROM_DEV	(-3)
#define SG_DXFER_TO_FROM_DEV	(-4)

#define SG_FLAG_DIRECT_IO	1
#define SG_FLAG_LUN_INHIBIT	2
#define SG_FLAG_MMAP_IO		4
#define SG_FLAG_Q_AT_TAIL	0x10
#define SG_FLAG_Q_AT_HEAD	0x20
#define SG_FLAG_NO_DXFER	0x10000

struct sg_io_hdr {
	int interface_id;
	int dxfer_direction;
	unsigned char cmd_len;
	unsigned char mx_sb_len;
	unsigned short iovec_count;
	unsigned int dxfer_len;
	void *dxferp;
	unsigned char *cmdp;
	void *sbp;
	unsigned int timeout;
	unsigned int flags;
	int pack_id;
	void *usr_ptr;
	unsigned char status;
	unsigned char masked_status;
	unsigned char msg_status;
	unsigned char sb_len_wr;
	unsigned short host_status;
	unsigned short driver_status;
	int resid;
	unsigned int duration;
	unsigned int info;
};

struct sg_scsi_id {
	int host_no;
	int channel;
	int scsi_id;
	int lun;
	int scsi_type;
	short h_cmd_per_lun;
	short d_queue_depth;
	int unused[2];
};

struct sg_req_info {
	char req_state;
	char orphan;
	char sg_io_owned;
	char problem;
	int pack_id;
	void *usr_ptr;
	unsigned int duration;
	int unused;
};

/* What a libc would have; UAPI headers of disk formats assert with it */
#define offsetof(type, member) __builtin_offsetof(type, member)
