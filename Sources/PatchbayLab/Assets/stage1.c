/* stage1: the emulated host's first program, alone in its initramfs. It loads the modules packed beside it, lays a writable
 * layer over a read-only 9p share of this machine's own root, and becomes /share/lab/host-init in there.
 *
 * With lab.root=SERIAL on the kernel command line the writable layer is the ext4 disk of that NVMe serial, mounted on
 * /rootdisk before and after the switch, so that the host's root file system depends on that disk for all to see.
 * Whatever fails is printed as LAB-FAIL and powers the machine off: there is no shell to wait in. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define NINE_P "trans=virtio,version=9p2000.L,msize=1048576,"

static void die(const char *what, const char *which) {
  printf("LAB-FAIL: %s %s: %s\n", what, which, strerror(errno));
  fflush(stdout);
  sync();
  reboot(RB_POWER_OFF);
  _exit(1);
}

static void mount_or_die(const char *source, const char *target, const char *type, unsigned long flags, const char *data) {
  mkdir(target, 0755);
  if (mount(source, target, type, flags, data)) die("cannot mount", target);
}

/* A module may rightly not want this machine (an accelerator for a CPU that it lacks); what is missing shows at the mounts. */
static void load_modules(void) {
  struct dirent **entries;
  int count = scandir("/modules", &entries, NULL, alphasort);
  for (int i = 0; i < count; i++) {
    if (entries[i]->d_name[0] == '.') continue;
    char path[300];
    snprintf(path, sizeof path, "/modules/%s", entries[i]->d_name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST) printf("cannot load %s: %s\n", path, strerror(errno));
    close(fd);
  }
}

static int read_word(const char *path, char *word, size_t size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? -1 : read(fd, word, size - 1);
  if (fd >= 0) close(fd);
  if (got <= 0) return -1;
  word[got] = 0;
  word[strcspn(word, " \n")] = 0;
  return 0;
}

/* The block device whose NVMe controller has this serial, as /dev/NAME. */
static int find_disk(const char *serial, char *device, size_t size) {
  DIR *directory = opendir("/sys/block");
  int found = -1;
  for (struct dirent *entry; found && directory && (entry = readdir(directory));) {
    char path[320], word[64];
    snprintf(path, sizeof path, "/sys/block/%s/device/serial", entry->d_name);
    if (read_word(path, word, sizeof word) || strcmp(word, serial)) continue;
    snprintf(device, size, "/dev/%s", entry->d_name);
    found = access(device, F_OK);
  }
  if (directory) closedir(directory);
  return found;
}

static int kernel_argument(const char *name, char *value, size_t size) {
  static char line[4096];
  int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? -1 : read(fd, line, sizeof line - 1);
  if (fd >= 0) close(fd);
  line[got < 0 ? 0 : got] = 0;
  for (char *word = strtok(line, " \n"); word; word = strtok(NULL, " \n")) {
    if (strncmp(word, name, strlen(name))) continue;
    snprintf(value, size, "%s", word + strlen(name));
    return 0;
  }
  return -1;
}

static void mount_writable_layer(void) {
  char serial[64], device[300];
  if (kernel_argument("lab.root=", serial, sizeof serial)) {
    mount_or_die("tmpfs", "/rootdisk", "tmpfs", 0, "mode=755");
    return;
  }
  struct timespec pause = {.tv_nsec = 20000000};
  for (int tries = 0; find_disk(serial, device, sizeof device); tries++) {
    if (tries == 3000) die("no NVMe disk with serial", serial);
    nanosleep(&pause, NULL);
  }
  mount_or_die(device, "/rootdisk", "ext4", 0, NULL);
}

int main(void) {
  mount_or_die("proc", "/proc", "proc", 0, NULL);
  mount_or_die("sysfs", "/sys", "sysfs", 0, NULL);
  mount_or_die("dev", "/dev", "devtmpfs", 0, NULL);
  int console = open("/dev/console", O_RDWR);
  for (int fd = 0; fd < 3 && console >= 0; fd++) dup2(console, fd);
  setvbuf(stdout, NULL, _IOLBF, 0);
  load_modules();
  mount_or_die("hostroot", "/lower", "9p", MS_RDONLY, NINE_P "cache=loose");
  mount_writable_layer();
  mkdir("/rootdisk/upper", 0755);
  mkdir("/rootdisk/work", 0755);
  mount_or_die("overlay", "/new", "overlay", 0, "lowerdir=/lower,upperdir=/rootdisk/upper,workdir=/rootdisk/work");
  /* The layers stay mounted where they were, so that mountinfo tells what the root file system stands on. */
  const char *moved[] = {"/proc", "/sys", "/dev", "/rootdisk", "/lower"};
  for (int i = 0; i < 5; i++) {
    char target[32];
    snprintf(target, sizeof target, "/new%s", moved[i]);
    mkdir(target, 0755);
    if (mount(moved[i], target, NULL, MS_MOVE, NULL)) die("cannot move", moved[i]);
  }
  mount_or_die("share", "/new/share", "9p", 0, NINE_P "cache=none");
  if (chdir("/new") || mount(".", "/", NULL, MS_MOVE, NULL) || chroot(".") || chdir("/")) die("cannot switch to", "/new");
  execl("/share/lab/host-init", "host-init", (char *)NULL);
  die("cannot run", "/share/lab/host-init");
}
