/* reporter: the only process of a Linux guest that shows, from inside, what the machine lent to it.
 *
 * It loads the modules packed beside it, waits until the buses are quiet, and prints on the console:
 *   GUEST begin
 *   PCI 0000:01:00.0 1b36:0010 class=010802 driver=nvme name=...
 *   EDU 0000:02:01.0 id=010000ed inverted=ok factorial=ok
 *   BLOCK nvme0n1 64 MiB serial=SPARE begins=SPARE-NVME-DATA
 *   NET eth0 52:54:00:... on 0000:03:00.0
 *   USB 1-1 46f4:0001 serial=STICK QEMU USB HARDDRIVE
 *   GUEST end
 * Then, by lab.after=poweroff (as told by nothing, too) or lab.after=watch on the kernel command line, it powers off or
 * stays: it lists again when something changes, answers lines typed on the console, and ends on "off" or the power button. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PCI "/sys/bus/pci/devices"

/* The first line of DIRECTORY/NAME/ATTRIBUTE, "" when there is none. Valid until the eighth call after this one. */
static const char *attribute(const char *directory, const char *name, const char *attribute) {
  static char ring[8][256];
  static unsigned next;
  char path[512], *line = ring[next++ % 8];
  snprintf(path, sizeof path, "%s/%s/%s", directory, name, attribute);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? 0 : read(fd, line, 255);
  if (fd >= 0) close(fd);
  line[got < 0 ? 0 : got] = 0;
  size_t end = strcspn(line, "\n");
  while (end && line[end - 1] == ' ') end--;
  line[end] = 0;
  return line;
}

/* The last component of a link's target, "-" when there is no link. */
static const char *target(const char *directory, const char *name, const char *link) {
  static char ring[4][256];
  static unsigned next;
  char path[512], *text = ring[next++ % 4];
  snprintf(path, sizeof path, "%s/%s/%s", directory, name, link);
  ssize_t got = readlink(path, text, 255);
  if (got < 0) return "-";
  text[got] = 0;
  char *slash = strrchr(text, '/');
  return slash ? slash + 1 : text;
}

static int for_each(const char *directory, void (*visit)(const char *name)) {
  struct dirent **entries;
  int count = scandir(directory, &entries, NULL, alphasort), seen = 0;
  for (int i = 0; i < count; i++) {
    if (entries[i]->d_name[0] != '.') {
      seen++;
      if (visit) visit(entries[i]->d_name);
    }
    free(entries[i]);
  }
  if (count >= 0) free(entries);
  return seen;
}

static const char *hex(const char *text) { return strncmp(text, "0x", 2) ? text : text + 2; }

/* Registers as in QEMU's docs/specs/edu.rst, through the BAR that sysfs lets a process map. */
static void show_edu(const char *name) {
  char path[512];
  snprintf(path, sizeof path, PCI "/%s/enable", name);
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd >= 0 && write(fd, "1", 1) != 1) printf("EDU %s cannot be enabled\n", name);
  if (fd >= 0) close(fd);
  snprintf(path, sizeof path, PCI "/%s/resource0", name);
  fd = open(path, O_RDWR | O_SYNC | O_CLOEXEC);
  volatile uint32_t *registers = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (fd >= 0) close(fd);
  if (registers == MAP_FAILED) {
    printf("EDU %s cannot be mapped: %s\n", name, strerror(errno));
    return;
  }
  registers[1] = 0x1234abcd;
  int inverted = registers[1] == ~0x1234abcdu;
  registers[2] = 7;
  for (int tries = 0; tries < 1000 && registers[8] & 1; tries++) usleep(1000);
  printf("EDU %s id=%08x inverted=%s factorial=%s\n", name, registers[0], inverted ? "ok" : "WRONG",
         registers[2] == 5040 ? "ok" : "WRONG");
  munmap((void *)registers, 4096);
}

static void show_pci(const char *name) {
  const char *vendor = hex(attribute(PCI, name, "vendor")), *device = hex(attribute(PCI, name, "device"));
  printf("PCI %s %s:%s class=%s driver=%s\n", name, vendor, device, hex(attribute(PCI, name, "class")),
         target(PCI, name, "driver"));
  if (!strcmp(vendor, "1234") && !strcmp(device, "11e8")) show_edu(name);
}

static void show_block(const char *name) {
  char path[300], begins[17] = "";
  snprintf(path, sizeof path, "/dev/%s", name);
  if (access(path, F_OK)) return; /* one path of a shared disk, which is listed as a whole */
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t got = fd < 0 ? -1 : read(fd, begins, 16);
  if (fd >= 0) close(fd);
  size_t readable = 0;
  while (got > 0 && readable < (size_t)got && begins[readable] > 32 && begins[readable] < 127) readable++;
  begins[readable] = 0;
  printf("BLOCK %s %ld MiB serial=%s begins=%s\n", name, atol(attribute("/sys/block", name, "size")) / 2048,
         attribute("/sys/block", name, "device/serial"), got < 0 ? "UNREADABLE" : begins);
}

static void show_net(const char *name) {
  if (strcmp(name, "lo"))
    printf("NET %s %s on %s\n", name, attribute("/sys/class/net", name, "address"),
           target("/sys/class/net", name, "device"));
}

static void show_usb(const char *name) {
  const char *vendor = attribute("/sys/bus/usb/devices", name, "idVendor");
  if (*vendor)
    printf("USB %s %s:%s serial=%s %s\n", name, vendor, attribute("/sys/bus/usb/devices", name, "idProduct"),
           attribute("/sys/bus/usb/devices", name, "serial"), attribute("/sys/bus/usb/devices", name, "product"));
}

static void show_all(void) {
  printf("GUEST begin\n");
  for_each(PCI, show_pci);
  for_each("/sys/block", show_block);
  for_each("/sys/class/net", show_net);
  for_each("/sys/bus/usb/devices", show_usb);
  printf("GUEST end\n");
}

/* Grows and shrinks with what the machine has. */
static int census(void) {
  return for_each(PCI, NULL) + 1000 * for_each("/sys/block", NULL) + 1000000 * for_each("/sys/bus/usb/devices", NULL);
}

static void load(const char *name) {
  char path[300];
  snprintf(path, sizeof path, "/modules/%s", name);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST) printf("GUEST cannot load %s: %s\n", name, strerror(errno));
  close(fd);
}

/* Drivers probe in the background: wait until two looks, a fifth of a second apart, see the same, at most ten seconds. */
static void settle(void) {
  for (int looks = 0, last = -1; looks < 50; looks++) {
    int now = census();
    if (now == last && looks > 2) return;
    last = now;
    usleep(200000);
  }
}

static void power_off(void) {
  printf("GUEST powers off\n");
  sync();
  reboot(RB_POWER_OFF);
  _exit(0);
}

static void obey(char *line) {
  line[strcspn(line, "\r\n")] = 0;
  if (!strcmp(line, "off")) power_off();
  if (!strcmp(line, "again"))
    show_all();
  else if (*line)
    printf("GUEST heard %s\n", line);
}

static void watch(void) {
  enum { BUTTONS = 8 };
  struct pollfd polls[1 + BUTTONS] = {{.fd = 0, .events = POLLIN}};
  for (int i = 0; i < BUTTONS; i++) {
    char path[32];
    snprintf(path, sizeof path, "/dev/input/event%d", i);
    polls[1 + i] = (struct pollfd){.fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), .events = POLLIN};
  }
  int known = census();
  printf("GUEST watches\n");
  for (;;) {
    poll(polls, 1 + BUTTONS, 1000);
    if (polls[0].revents & POLLIN) {
      char line[128];
      ssize_t got = read(0, line, sizeof line - 1);
      line[got < 0 ? 0 : got] = 0;
      obey(line);
    }
    for (int i = 1; i <= BUTTONS; i++) {
      struct input_event event;
      if (polls[i].revents & POLLIN && read(polls[i].fd, &event, sizeof event) == sizeof event && event.code == KEY_POWER)
        power_off();
    }
    int now = census();
    if (now != known) show_all();
    known = now;
  }
}

int main(void) {
  const char *mounts[][2] = {{"/proc", "proc"}, {"/sys", "sysfs"}, {"/dev", "devtmpfs"}};
  for (int i = 0; i < 3; i++) {
    mkdir(mounts[i][0], 0755);
    if (mount(mounts[i][1], mounts[i][0], mounts[i][1], 0, NULL)) power_off();
  }
  int console = open("/dev/console", O_RDWR);
  for (int fd = 0; fd < 3 && console >= 0; fd++) dup2(console, fd);
  setvbuf(stdout, NULL, _IOLBF, 0);
  for_each("/modules", load);
  settle();
  show_all();
  if (strstr(attribute("/proc", "", "cmdline"), "lab.after=watch")) watch();
  power_off();
}
