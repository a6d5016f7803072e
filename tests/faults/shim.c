/* What a disk, a clock and a system can do to a program, on demand.
 *
 * Loaded with LD_PRELOAD into the server. It keeps a journal of everything the program does to the files
 * below one folder, so that the test can afterwards build the disk as a power cut would have left it at any
 * moment: what was flushed, and any part of what was not. It also fails calls that the test names in a
 * control file, which both have mapped: the Nth call of a kind, every call from then on, every call that
 * would need more room than there is left, every write (a disk that became read-only). And it moves the clock.
 *
 * The program is not changed for this and does not know. Only the standard library's calls are seen: SQLite and
 * Rust make no others for these files (memory that is mapped holds the index of the write-ahead log only, which
 * is rebuilt after a crash).
 *
 * WAYMARK_FAULTS_DIR      the folder, without a slash at the end
 * WAYMARK_FAULTS_JOURNAL  the journal; without it nothing is recorded and flushes are real
 * WAYMARK_FAULTS_CONTROL  the control file, of numbers of 64 bits (see `struct control`)
 */
#define _GNU_SOURCE
#define _LARGEFILE64_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* crates/waymark/tests/faults/shim.rs has the same, in the same order. */
struct control {
    int64_t ops;       /* kinds of call that are counted: the sum of OP_* */
    int64_t files;     /* files they are counted for: the sum of FILE_*; 0 for all */
    int64_t countdown; /* the call that brings it from 1 to 0 fails; 0: none */
    int64_t error;     /* the errno it fails with */
    int64_t sticky;    /* 1: so does every counted call after it */
    int64_t room;      /* bytes by which files may still grow; negative: no end */
    int64_t read_only; /* 1: nothing can be changed any more */
    int64_t clock;     /* seconds that the clock is wrong by */
    int64_t fired;     /* how many calls were failed, were told a wrong time, or were out of files */
};

enum { OP_OPEN = 1, OP_READ = 2, OP_WRITE = 4, OP_SYNC = 8, OP_TRUNCATE = 16, OP_NAME = 32 };
enum { FILE_DATABASE = 1, FILE_LOG = 2, FILE_OTHER = 4, FILE_FOLDER = 8 };

#define FDS 65536
#define INODES 8192

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct control none = {.room = -1};
static struct control *control = &none;
static char folder[4096];
static size_t folder_length;
static int journal = -1;

struct file {
    uint32_t id; /* 0: not one of ours */
    int kind;
    char *path;
};
static struct file files[FDS];
static struct {
    dev_t dev;
    ino_t ino;
} inodes[INODES];
static uint32_t inode_count = 1;

#define REAL(name) ({ \
        if (!real_##name) real_##name = dlsym(RTLD_NEXT, #name); \
        real_##name; })
static int (*real_open64)(const char *, int, ...);
static int (*real_openat64)(int, const char *, int, ...);
static int (*real_accept4)(int, struct sockaddr *, socklen_t *, int);
static int (*real_close)(int);
static ssize_t (*real_read)(int, void *, size_t);
static ssize_t (*real_pread64)(int, void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_ftruncate64)(int, off64_t);
static int (*real_fallocate64)(int, int, off64_t, off64_t);
static int (*real_unlink)(const char *);
static int (*real_unlinkat)(int, const char *, int);
static int (*real_rename)(const char *, const char *);
static int (*real_mkdir)(const char *, mode_t);
static int (*real_clock_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    const char *dir = getenv("WAYMARK_FAULTS_DIR");
    const char *journal_path = getenv("WAYMARK_FAULTS_JOURNAL");
    const char *control_path = getenv("WAYMARK_FAULTS_CONTROL");
    if (!dir || strlen(dir) >= sizeof folder) return;
    strcpy(folder, dir);
    folder_length = strlen(folder);
    if (journal_path) journal = REAL(open64)(journal_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (control_path) {
        int fd = REAL(open64)(control_path, O_RDWR | O_CLOEXEC);
        void *at = fd < 0 ? MAP_FAILED : mmap(NULL, 128, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (at != MAP_FAILED) control = at;
        if (fd >= 0) REAL(close)(fd);
    }
}

static int ours(const char *path) {
    return folder_length && path && !strncmp(path, folder, folder_length) && path[folder_length] == '/';
}

static int ends(const char *path, const char *with) {
    size_t a = strlen(path), b = strlen(with);
    return a >= b && !strcmp(path + a - b, with);
}

/* The index of the log is no part of what must be kept. */
static int ignored(const char *path) { return ends(path, "-shm"); }

static int kind_of(const char *path) {
    if (ends(path, ".db")) return FILE_DATABASE;
    if (ends(path, "-wal") || ends(path, "-journal")) return FILE_LOG;
    return FILE_OTHER;
}

/* One record: kind, file, number, length, bytes. Written whole, in the order of the calls. */
static void record(char kind, uint32_t id, uint64_t number, const void *bytes, uint32_t length) {
    if (journal < 0) return;
    char head[17];
    head[0] = kind;
    memcpy(head + 1, &id, 4);
    memcpy(head + 5, &number, 8);
    memcpy(head + 13, &length, 4);
    struct iovec parts[2] = {{head, sizeof head}, {(void *)bytes, length}};
    size_t want = sizeof head + length;
    if ((size_t)REAL(writev)(journal, parts, length ? 2 : 1) != want) _exit(99);
}

static void record_path(char kind, uint32_t id, uint64_t number, const char *path) {
    const char *name = strlen(path) > folder_length ? path + folder_length + 1 : "";
    record(kind, id, number, name, strlen(name));
}

/* Whether this call is to fail; sets errno. What failed stands in the journal too. */
static int fails(int op, int kind, const char *path) {
    if (control->read_only && op != OP_READ && op != OP_SYNC) {
        control->fired++;
        errno = EROFS;
        return 1;
    }
    if (!(control->ops & op) || (control->files && !(control->files & kind))) return 0;
    int fail = 0;
    if (control->countdown > 0) fail = --control->countdown == 0;
    else fail = control->sticky && control->fired > 0;
    if (!fail) return 0;
    control->fired++;
    record_path('F', 0, op, path);
    errno = control->error;
    return 1;
}

/* Takes room for growth; 0 when there is none left. */
static int room_for(int fd, off64_t end) {
    struct stat found;
    if (control->room < 0 || fstat(fd, &found) || end <= found.st_size) return 1;
    int64_t more = end - found.st_size;
    if (more > control->room) {
        control->fired++;
        errno = ENOSPC;
        return 0;
    }
    control->room -= more;
    return 1;
}

static uint32_t inode(int fd, int is_new) {
    struct stat found;
    if (fstat(fd, &found)) return 0;
    if (!is_new)
        for (uint32_t i = inode_count; i-- > 1;)
            if (inodes[i].dev == found.st_dev && inodes[i].ino == found.st_ino) return i;
    if (inode_count >= INODES) _exit(98);
    inodes[inode_count].dev = found.st_dev;
    inodes[inode_count].ino = found.st_ino;
    return inode_count++;
}

static void opened(int fd, const char *path, int is_new, int flags) {
    struct stat found;
    if (fd < 0 || fd >= FDS || fstat(fd, &found)) return;
    struct file *file = &files[fd];
    free(file->path);
    file->path = strdup(path);
    if (S_ISDIR(found.st_mode)) {
        file->id = UINT32_MAX;
        file->kind = FILE_FOLDER;
        return;
    }
    file->id = inode(fd, is_new);
    file->kind = kind_of(path);
    record_path(is_new ? 'C' : 'O', file->id, 0, path);
    if (!is_new && (flags & O_TRUNC)) record('T', file->id, 0, NULL, 0);
}

/* Not made here: the test starts the program with few. That it met the end of them is counted. */
static int counted(int fd) {
    if (fd < 0 && errno == EMFILE) control->fired++;
    return fd;
}

int accept4(int fd, struct sockaddr *from, socklen_t *length, int flags) {
    return counted(REAL(accept4)(fd, from, length, flags));
}

static int do_open(const char *path, int flags, mode_t mode) {
    if ((!ours(path) && strcmp(path, folder)) || !folder_length || ignored(path)) return counted(REAL(open64)(path, flags, mode));
    pthread_mutex_lock(&lock);
    int fd = -1;
    struct stat found;
    int is_new = (flags & O_CREAT) && stat(path, &found);
    int changes = is_new || (flags & O_ACCMODE) != O_RDONLY;
    int kind = kind_of(path);
    if (control->read_only && !changes) fd = REAL(open64)(path, flags, mode);
    else if (is_new && control->room == 0) { control->fired++; errno = ENOSPC; }
    else if (!fails(OP_OPEN, kind, path)) fd = REAL(open64)(path, flags, mode);
    if (fd >= 0) opened(fd, path, is_new, flags);
    pthread_mutex_unlock(&lock);
    return fd;
}

#define MODE(flags, last) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list more; va_start(more, last); mode = va_arg(more, mode_t); va_end(more); }

int open64(const char *path, int flags, ...) { MODE(flags, flags) return do_open(path, flags, mode); }
int open(const char *path, int flags, ...) { MODE(flags, flags) return do_open(path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) {
    MODE(flags, flags)
    return path[0] == '/' ? do_open(path, flags, mode) : REAL(openat64)(at, path, flags, mode);
}
int openat(int at, const char *path, int flags, ...) {
    MODE(flags, flags)
    return path[0] == '/' ? do_open(path, flags, mode) : REAL(openat64)(at, path, flags, mode);
}

static struct file *file_of(int fd) { return fd >= 0 && fd < FDS && files[fd].id ? &files[fd] : NULL; }

int close(int fd) {
    struct file *file = file_of(fd);
    if (!file) return REAL(close)(fd);
    pthread_mutex_lock(&lock);
    file->id = 0;
    int done = REAL(close)(fd);
    pthread_mutex_unlock(&lock);
    return done;
}

static int read_fails(int fd) {
    struct file *file = file_of(fd);
    if (!file || !control->ops) return 0;
    pthread_mutex_lock(&lock);
    int fail = fails(OP_READ, file->kind, file->path);
    pthread_mutex_unlock(&lock);
    return fail;
}

ssize_t read(int fd, void *to, size_t length) { return read_fails(fd) ? -1 : REAL(read)(fd, to, length); }
ssize_t pread64(int fd, void *to, size_t length, off64_t at) {
    return read_fails(fd) ? -1 : REAL(pread64)(fd, to, length, at);
}
ssize_t pread(int fd, void *to, size_t length, off_t at) { return pread64(fd, to, length, at); }

static ssize_t do_pwrite(struct file *file, int fd, const void *from, size_t length, off64_t at) {
    if (fails(OP_WRITE, file->kind, file->path) || !room_for(fd, at + length)) return -1;
    ssize_t done = REAL(pwrite64)(fd, from, length, at);
    if (done > 0) record('W', file->id, at, from, done);
    return done;
}

ssize_t pwrite64(int fd, const void *from, size_t length, off64_t at) {
    struct file *file = file_of(fd);
    if (!file) return REAL(pwrite64)(fd, from, length, at);
    pthread_mutex_lock(&lock);
    ssize_t done = do_pwrite(file, fd, from, length, at);
    pthread_mutex_unlock(&lock);
    return done;
}
ssize_t pwrite(int fd, const void *from, size_t length, off_t at) { return pwrite64(fd, from, length, at); }

ssize_t write(int fd, const void *from, size_t length) {
    struct file *file = file_of(fd);
    if (!file) return REAL(write)(fd, from, length);
    pthread_mutex_lock(&lock);
    off64_t at = fcntl(fd, F_GETFL) & O_APPEND ? lseek64(fd, 0, SEEK_END) : lseek64(fd, 0, SEEK_CUR);
    ssize_t done = -1;
    if (!fails(OP_WRITE, file->kind, file->path) && room_for(fd, at + length)) {
        done = REAL(write)(fd, from, length);
        if (done > 0) record('W', file->id, at, from, done);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!file_of(fd)) return REAL(writev)(fd, parts, count);
    ssize_t all = 0;
    for (int i = 0; i < count; i++) {
        ssize_t done = write(fd, parts[i].iov_base, parts[i].iov_len);
        if (done < 0) return all ? all : -1;
        all += done;
        if ((size_t)done < parts[i].iov_len) break;
    }
    return all;
}

static int do_sync(int fd, int (*real)(int)) {
    struct file *file = file_of(fd);
    if (!file) return real(fd);
    pthread_mutex_lock(&lock);
    int done = 0;
    if (fails(OP_SYNC, file->kind, file->path)) {
        /* As Linux does it: what could not be written is marked clean all the same, and forgotten. */
        int why = errno;
        if (file->kind != FILE_FOLDER) record('X', file->id, 0, NULL, 0);
        errno = why;
        done = -1;
    } else {
        /* With a journal the power only goes in the test's mind: waiting for the real disk would add nothing. */
        if (journal < 0) done = real(fd);
        if (!done && file->kind == FILE_FOLDER) record_path('D', 0, 0, file->path);
        else if (!done) record('S', file->id, 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
int fsync(int fd) { return do_sync(fd, REAL(fsync)); }
int fdatasync(int fd) { return do_sync(fd, REAL(fdatasync)); }

int ftruncate64(int fd, off64_t length) {
    struct file *file = file_of(fd);
    if (!file) return REAL(ftruncate64)(fd, length);
    pthread_mutex_lock(&lock);
    int done = -1;
    if (!fails(OP_TRUNCATE, file->kind, file->path)) {
        done = REAL(ftruncate64)(fd, length);
        if (!done) record('T', file->id, length, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return done;
}
int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fallocate64(int fd, int mode, off64_t at, off64_t length) {
    if (!file_of(fd)) return REAL(fallocate64)(fd, mode, at, length);
    errno = EOPNOTSUPP; /* Callers then write instead, which is recorded. */
    return -1;
}
int fallocate(int fd, int mode, off_t at, off_t length) { return fallocate64(fd, mode, at, length); }

static int do_unlink(const char *path) {
    if (!ours(path) || ignored(path)) return REAL(unlink)(path);
    pthread_mutex_lock(&lock);
    int done = fails(OP_NAME, kind_of(path), path) ? -1 : REAL(unlink)(path);
    if (!done) record_path('U', 0, 0, path);
    pthread_mutex_unlock(&lock);
    return done;
}
int unlink(const char *path) { return do_unlink(path); }
int unlinkat(int at, const char *path, int flags) {
    return path[0] == '/' && !flags ? do_unlink(path) : REAL(unlinkat)(at, path, flags);
}

int rename(const char *from, const char *to) {
    if (!ours(from) || !ours(to)) return REAL(rename)(from, to);
    pthread_mutex_lock(&lock);
    int done = fails(OP_NAME, kind_of(from), from) ? -1 : REAL(rename)(from, to);
    if (!done) {
        char both[8192];
        int length = snprintf(both, sizeof both, "%s%c%s", from + folder_length + 1, '\n', to + folder_length + 1);
        record('R', 0, 0, both, length);
    }
    pthread_mutex_unlock(&lock);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    if (!ours(path)) return REAL(mkdir)(path, mode);
    pthread_mutex_lock(&lock);
    int done = fails(OP_NAME, FILE_FOLDER, path) ? -1 : REAL(mkdir)(path, mode);
    if (!done) record_path('M', 0, 0, path);
    pthread_mutex_unlock(&lock);
    return done;
}

int clock_gettime(clockid_t which, struct timespec *now) {
    int done = REAL(clock_gettime)(which, now);
    if (done || !control->clock || (which != CLOCK_REALTIME && which != CLOCK_REALTIME_COARSE)) return done;
    now->tv_sec += control->clock;
    control->fired++;
    return 0;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone __attribute__((unused))) {
    struct timespec found;
    if (clock_gettime(CLOCK_REALTIME, &found)) return -1;
    now->tv_sec = found.tv_sec;
    now->tv_usec = found.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *to) {
    struct timespec found;
    clock_gettime(CLOCK_REALTIME, &found);
    if (to) *to = found.tv_sec;
    return found.tv_sec;
}
