/* labd: the last thing an emulated host starts, as its pid 1. Every virtio-serial port named lab.N gets a process that runs
 * the commands which arrive there, one at a time, and sends back what they print and how they end.
 *
 * A frame is 'P' 'B' kind 0, a little-endian 32-bit length (at most 64 KiB), then that many bytes:
 *   to us    H 16 bytes, echoed   R 32-bit seconds, then argv, each ended by NUL   I standard input, empty: no more of it
 *   from us  h the 16 bytes       O standard output    E standard error            X 32-bit exit status
 * Exit status: the command's own; 128 + n when signal n ended it; 124 when its seconds were over; 127 when it could not
 * be started. When the other end of the port is closed, or greets anew, the command and all it started in its process group
 * are killed. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 8, LIMIT = 65536, PORTS = 16 };
enum outcome { FRAME, NOTHING_YET, GONE };

struct port {
  int fd, waiter;
  uint8_t buffer[HEADER + LIMIT];
  size_t filled;
};

struct frame {
  char kind;
  uint32_t length;
  uint8_t *bytes;
};

static int64_t milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Whether the other end is closed, and not about to be open: the kernel learns of an opening in a work of its own, which
 * may run after what was then sent has been read (drivers/char/virtio_console.c, control_work_handler). */
static int stays_closed(int fd) {
  for (int64_t start = milliseconds(); milliseconds() - start < 2000; usleep(50000)) {
    struct pollfd end = {.fd = fd};
    if (poll(&end, 1, 0) == 0 || !(end.revents & (POLLHUP | POLLERR))) return 0;
  }
  return 1;
}

/* Reads what is there. GONE: the other end is closed, or what came is no frame of ours; the buffer is dropped. */
static enum outcome next_frame(struct port *port, struct frame *frame) {
  for (;;) {
    if (port->filled >= HEADER) {
      uint32_t length;
      memcpy(&length, port->buffer + 4, 4);
      if (port->buffer[0] != 'P' || port->buffer[1] != 'B' || length > LIMIT) break;
      if (port->filled >= HEADER + length) {
        *frame = (struct frame){port->buffer[2], length, port->buffer + HEADER};
        return FRAME;
      }
    }
    ssize_t got = read(port->fd, port->buffer + port->filled, sizeof port->buffer - port->filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN) return NOTHING_YET;
    if (got == 0 && port->filled && !stays_closed(port->fd)) return NOTHING_YET;
    if (got <= 0) break;
    port->filled += got;
  }
  port->filled = 0;
  return GONE;
}

static void consume(struct port *port, const struct frame *frame) {
  size_t used = HEADER + frame->length;
  memmove(port->buffer, port->buffer + used, port->filled - used);
  port->filled -= used;
}

static int write_all(int fd, const void *bytes, size_t count) {
  const uint8_t *at = bytes;
  while (count > 0) {
    ssize_t put = write(fd, at, count);
    if (put > 0) { at += put; count -= put; continue; }
    if (put < 0 && errno != EAGAIN && errno != EINTR) return -1;
    struct pollfd room = {.fd = fd, .events = POLLOUT};
    if (poll(&room, 1, 1000) > 0 && room.revents & (POLLHUP | POLLERR) && stays_closed(fd)) return -1;
  }
  return 0;
}

static int send_frame(struct port *port, char kind, const void *bytes, uint32_t length) {
  uint8_t header[HEADER] = {'P', 'B', (uint8_t)kind, 0};
  memcpy(header + 4, &length, 4);
  return write_all(port->fd, header, HEADER) || write_all(port->fd, bytes, length) ? -1 : 0;
}

/* Edge-triggered, because a closed port polls as hung up all the time: idle ports must cost nothing. */
static void wait_for_news(struct port *port) {
  struct epoll_event event;
  epoll_wait(port->waiter, &event, 1, 2000);
}

struct command {
  pid_t pid;
  int exited; /* pidfd: readable when the command has ended */
  int in, out, err;
};

static int start(struct command *command, char **argv) {
  int in[2], out[2], err[2];
  if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) return -1;
  command->pid = fork();
  if (command->pid < 0) return -1;
  if (command->pid == 0) {
    setsid();
    signal(SIGPIPE, SIG_DFL);
    dup2(in[0], 0);
    dup2(out[1], 1);
    dup2(err[1], 2);
    execvp(argv[0], argv);
    dprintf(2, "labd: cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  close(err[1]);
  command->exited = syscall(SYS_pidfd_open, command->pid, 0);
  command->in = in[1];
  command->out = out[0];
  command->err = err[0];
  fcntl(command->in, F_SETFL, O_NONBLOCK);
  return command->exited < 0 ? -1 : 0;
}

static void close_once(int *fd) {
  if (*fd >= 0) close(*fd);
  *fd = -1;
}

/* Passes on what one stream holds. -1: nobody reads it any more. */
static int pass_on(struct port *port, int *stream, char kind) {
  static uint8_t chunk[32768];
  ssize_t got = read(*stream, chunk, sizeof chunk);
  if (got < 0 && errno == EINTR) return 0;
  if (got <= 0) { close_once(stream); return 0; }
  return send_frame(port, kind, chunk, got);
}

/* Feeds standard input from the port. `pending` is a frame that did not fit into the pipe yet. -1: the port is closed, or
 * somebody else has opened it since. */
static int feed(struct port *port, struct command *command, struct frame *pending, uint32_t *offset) {
  for (;;) {
    if (!pending->kind) {
      enum outcome outcome = next_frame(port, pending);
      if (outcome == GONE) return -1;
      if (outcome == NOTHING_YET) { pending->kind = 0; return 0; }
      *offset = 0;
    }
    if (pending->kind == 'H') return -1;
    if (pending->kind == 'I' && pending->length == 0) close_once(&command->in);
    while (pending->kind == 'I' && command->in >= 0 && *offset < pending->length) {
      ssize_t put = write(command->in, pending->bytes + *offset, pending->length - *offset);
      if (put < 0 && errno == EAGAIN) return 0;
      if (put < 0 && errno != EINTR) close_once(&command->in);
      if (put > 0) *offset += put;
    }
    consume(port, pending);
    pending->kind = 0;
  }
}

/* 0: ended by itself, 1: its time was over, -1: the port was closed. */
static int attend(struct port *port, struct command *command, int64_t deadline) {
  struct frame pending = {0};
  uint32_t offset = 0;
  int64_t ended = 0;
  int late = 0;
  while (command->out >= 0 || command->err >= 0 || !ended) {
    int64_t now = milliseconds();
    if (ended && now - ended > 500) break; /* a daemon it left behind may keep the pipes open */
    if (!ended && !late && now >= deadline) { kill(-command->pid, SIGKILL); late = 1; }
    int full = pending.kind != 0;
    struct pollfd polls[5] = {
        {.fd = port->fd, .events = full ? 0 : POLLIN},
        {.fd = full ? command->in : -1, .events = POLLOUT},
        {.fd = command->out, .events = POLLIN},
        {.fd = command->err, .events = POLLIN},
        {.fd = ended ? -1 : command->exited, .events = POLLIN},
    };
    int64_t patience = ended ? 100 : late ? 1000 : deadline - now;
    poll(polls, 5, patience > 60000 ? 60000 : (int)patience);
    if (polls[0].revents & (POLLHUP | POLLERR) && stays_closed(port->fd)) return -1;
    if ((polls[0].revents | polls[1].revents) && feed(port, command, &pending, &offset)) return -1;
    if (polls[2].revents && pass_on(port, &command->out, 'O')) return -1;
    if (polls[3].revents && pass_on(port, &command->err, 'E')) return -1;
    if (polls[4].revents) ended = milliseconds();
  }
  if (pending.kind) consume(port, &pending);
  return late;
}

static void run(struct port *port, struct frame *frame) {
  static char *argv[1024], text[LIMIT + 1];
  uint32_t seconds = 0;
  memcpy(&seconds, frame->bytes, frame->length < 4 ? frame->length : 4);
  size_t size = frame->length < 4 ? 0 : frame->length - 4, count = 0;
  memcpy(text, frame->bytes + 4, size);
  text[size] = 0;
  consume(port, frame);
  for (size_t at = 0; at < size && count < 1023; at += strlen(text + at) + 1) argv[count++] = text + at;
  argv[count] = NULL;

  struct command command;
  int32_t status = 127;
  if (count == 0 || start(&command, argv)) {
    send_frame(port, 'X', &status, 4);
    return;
  }
  int end = attend(port, &command, milliseconds() + seconds * 1000LL);
  if (end < 0) kill(-command.pid, SIGKILL);
  close_once(&command.in);
  close_once(&command.out);
  close_once(&command.err);
  close(command.exited);
  int raw = 0;
  while (waitpid(command.pid, &raw, 0) < 0 && errno == EINTR) continue;
  if (end < 0) { port->filled = 0; return; }
  status = end ? 124 : WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw);
  send_frame(port, 'X', &status, 4);
}

static void serve(const char *device) {
  static struct port port;
  signal(SIGPIPE, SIG_IGN);
  port.fd = open(device, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  port.waiter = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN | EPOLLHUP | EPOLLET};
  if (port.fd < 0 || port.waiter < 0 || epoll_ctl(port.waiter, EPOLL_CTL_ADD, port.fd, &event)) {
    dprintf(2, "labd: cannot serve %s: %s\n", device, strerror(errno));
    sleep(1);
    _exit(1);
  }
  for (;;) {
    struct frame frame;
    switch (next_frame(&port, &frame)) {
    case GONE:
    case NOTHING_YET: wait_for_news(&port); break;
    case FRAME:
      if (frame.kind == 'R') { run(&port, &frame); break; }
      if (frame.kind == 'H') send_frame(&port, 'h', frame.bytes, frame.length);
      consume(&port, &frame);
    }
  }
}

static int find_ports(char devices[PORTS][64]) {
  const char *class = "/sys/class/virtio-ports";
  DIR *directory = opendir(class);
  int count = 0;
  for (struct dirent *entry; directory && count < PORTS && (entry = readdir(directory));) {
    char path[320], name[16] = "";
    snprintf(path, sizeof path, "%s/%s/name", class, entry->d_name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    if (read(fd, name, sizeof name - 1) > 4 && !strncmp(name, "lab.", 4))
      snprintf(devices[count++], 64, "/dev/%.50s", entry->d_name);
    close(fd);
  }
  if (directory) closedir(directory);
  return count;
}

static pid_t fork_server(const char *device) {
  pid_t pid = fork();
  if (pid == 0) serve(device);
  return pid;
}

int main(void) {
  char devices[PORTS][64];
  pid_t servers[PORTS];
  int count = find_ports(devices);
  if (count == 0) {
    dprintf(2, "LAB-FAIL: no virtio-serial port named lab.N\n");
    return 1;
  }
  for (int i = 0; i < count; i++) servers[i] = fork_server(devices[i]);
  for (;;) {
    pid_t ended = wait(NULL);
    for (int i = 0; i < count; i++)
      if (ended == servers[i]) servers[i] = fork_server(devices[i]);
  }
}
