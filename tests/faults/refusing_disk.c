/* Stands between the program and the disk: while a file named `full` lies in
 * the folder of $REFUSING_DISK, what is written to the database finds no room;
 * a file named `broken` makes the next sync fail, once. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int ordered(const char *name, int once) {
    const char *folder = getenv("REFUSING_DISK");
    char path[4096];
    if (!folder) return 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return once ? unlink(path) == 0 : access(path, F_OK) == 0;
}

static int is_database(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, "baton.db") && !strstr(path, "-shm");
}

static int finds_no_room(int fd) {
    if (!is_database(fd) || !ordered("full", 0)) return 0;
    errno = ENOSPC;
    return 1;
}

static int breaks(int fd) {
    if (!is_database(fd) || !ordered("broken", 1)) return 0;
    errno = EIO;
    return 1;
}

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t count) { return finds_no_room(fd) ? -1 : REAL(write)(fd, bytes, count); }
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return finds_no_room(fd) ? -1 : REAL(pwrite)(fd, bytes, count, at); }
ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) { return finds_no_room(fd) ? -1 : REAL(pwrite64)(fd, bytes, count, at); }
int fsync(int fd) { return breaks(fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return breaks(fd) ? -1 : REAL(fdatasync)(fd); }
