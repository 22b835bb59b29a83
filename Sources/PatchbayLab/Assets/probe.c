/* probe: a guest of a few kilobytes that shows what a virtual machine really got. No kernel, no paging, no interrupts.
 *
 * It prints on COM1, between "PROBE begin" and "PROBE end":
 *   PCI 0000:01:00.0 1234:11e8 class=00ff00
 *   EDU 0000:01:00.0 id=010000ed inverted=ok factorial=ok dma=ok        QEMU's docs/specs/edu.rst
 *   NVME 0000:02:00.0 serial=SPARE model=QEMU-NVMe-Ctrl dma=ok          Identify, NVMe 1.4 section 5.15
 * and powers off. With "hold" in its command line it stays: the power button ends it, and what is typed on the console is
 * answered: "again" lists once more, "off" powers off, anything else comes back after "PROBE heard ".
 *
 * Started by the PVH entry (xen/include/public/arch-x86/hvm/start_info.h): 32-bit protected mode, EBX -> start info. */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;

__asm__(".section .note.pvh, \"a\", @note\n"
        ".long 4, 4, 18\n.asciz \"Xen\"\n.long enter\n" /* XEN_ELFNOTE_PHYS32_ENTRY */
        ".text\n.globl enter\n"
        "enter: cld\n movl $stack_top, %esp\n pushl %ebx\n call start\n"
        "idle: hlt\n jmp idle\n"
        ".bss\n.balign 16\n.skip 65536\nstack_top:\n.text\n");

enum { COM1 = 0x3f8, PM1_STATUS = 0x600, PM1_ENABLE = 0x602, PM1_CONTROL = 0x604, POWER_BUTTON = 1 << 8 };

static inline void out8(u16 port, u8 value) { __asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port)); }
static inline void out16(u16 port, u16 value) { __asm__ volatile("outw %0, %1" ::"a"(value), "Nd"(port)); }
static inline void out32(u16 port, u32 value) { __asm__ volatile("outl %0, %1" ::"a"(value), "Nd"(port)); }
static inline u8 in8(u16 port) { u8 value; __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port)); return value; }
static inline u16 in16(u16 port) { u16 value; __asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port)); return value; }
static inline u32 in32(u16 port) { u32 value; __asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port)); return value; }

static void print_char(char c) {
  while (!(in8(COM1 + 5) & 0x20)) continue;
  out8(COM1, c);
}
static void print(const char *text) {
  while (*text) print_char(*text++);
}
static void print_hex(u32 value, int digits) {
  while (digits--) print_char("0123456789abcdef"[value >> 4 * digits & 15]);
}

/* A function's address on the bus: bus, slot and function in 16 bits, as in configuration mechanism 1. */
static u32 config_read(u32 function, u32 offset) {
  out32(0xcf8, 0x80000000u | function << 8 | (offset & 0xfc));
  return in32(0xcfc);
}
static void config_write(u32 function, u32 offset, u32 value) {
  out32(0xcf8, 0x80000000u | function << 8 | (offset & 0xfc));
  out32(0xcfc, value);
}
static void print_address(u32 function) {
  print("0000:");
  print_hex(function >> 8, 2);
  print_char(':');
  print_hex(function >> 3 & 31, 2);
  print_char('.');
  print_hex(function & 7, 1);
}

static volatile u32 *reg(u32 base, u32 offset) { return (volatile u32 *)(base + offset); }

/* True when the bits are all clear (or all set) before the patience ends. */
static int until(volatile u32 *at, u32 bits, u32 wanted) {
  for (u32 tries = 0; tries < 50000000; tries++)
    if ((*at & bits) == wanted) return 1;
  return 0;
}

static u8 pages[5][4096] __attribute__((aligned(4096)));

static int edu_transfer(u32 base, u32 from, u32 to, u32 direction) {
  *reg(base, 0x80) = from;
  *reg(base, 0x84) = 0;
  *reg(base, 0x88) = to;
  *reg(base, 0x8c) = 0;
  *reg(base, 0x90) = 1024;
  *reg(base, 0x94) = 0;
  *reg(base, 0x98) = 1 | direction;
  return until(reg(base, 0x98), 1, 0);
}

static void show_edu(u32 function, u32 base) {
  u32 *sent = (u32 *)pages[0], *received = (u32 *)pages[1];
  print("EDU ");
  print_address(function);
  print(" id=");
  print_hex(*reg(base, 0), 8);
  *reg(base, 4) = 0x1234abcd;
  print(*reg(base, 4) == ~0x1234abcdu ? " inverted=ok" : " inverted=WRONG");
  *reg(base, 8) = 7;
  print(until(reg(base, 0x20), 1, 0) && *reg(base, 8) == 5040 ? " factorial=ok" : " factorial=WRONG");
  for (u32 i = 0; i < 256; i++) {
    sent[i] = 0x5eed0000u + i * 2654435761u;
    received[i] = 0;
  }
  int same = edu_transfer(base, (u32)sent, 0x40000, 0) && edu_transfer(base, 0x40000, (u32)received, 2);
  for (u32 i = 0; i < 256; i++) same &= ((volatile u32 *)received)[i] == sent[i];
  print(same ? " dma=ok\n" : " dma=WRONG\n");
}

static void print_field(const char *name, const u8 *bytes, int length) {
  print(name);
  while (length && (bytes[length - 1] == ' ' || !bytes[length - 1])) length--;
  for (int i = 0; i < length; i++) print_char(bytes[i] > 32 && bytes[i] < 127 ? bytes[i] : '-');
}

/* Admin queues of 16 entries in pages 0 and 1, Identify Controller into page 2. */
static void show_nvme(u32 function, u32 base) {
  print("NVME ");
  print_address(function);
  *reg(base, 0x14) = 0;
  until(reg(base, 0x1c), 1, 0);
  for (u32 i = 0; i < 3 * 4096; i++) ((u8 *)pages)[i] = 0;
  *reg(base, 0x24) = 15 << 16 | 15;
  *reg(base, 0x28) = (u32)pages[0];
  *reg(base, 0x2c) = 0;
  *reg(base, 0x30) = (u32)pages[1];
  *reg(base, 0x34) = 0;
  *reg(base, 0x14) = 4 << 20 | 6 << 16 | 1;
  if (!until(reg(base, 0x1c), 3, 1)) {
    print(" offline\n");
    return;
  }
  volatile u32 *command = (volatile u32 *)pages[0], *completion = (volatile u32 *)pages[1];
  command[0] = 6;
  command[6] = (u32)pages[2];
  command[10] = 1;
  *reg(base, 0x1000) = 1;
  int arrived = until(&completion[3], 1 << 16, 1 << 16) && !(completion[3] >> 17);
  print_field(" serial=", pages[2] + 4, 20);
  print_field(" model=", pages[2] + 24, 40);
  print(arrived ? " dma=ok\n" : " dma=WRONG\n");
  *reg(base, 0x14) = 0;
}

/* The first memory BAR when it lies below 4 GiB, else 0. */
static u32 memory_bar(u32 function) {
  u32 low = config_read(function, 0x10);
  if (low & 1) return 0;
  if ((low & 6) == 4 && config_read(function, 0x14)) return 0;
  return low & ~15u;
}

static void show_function(u32 function, u32 id) {
  u32 class = config_read(function, 8) >> 8, base = memory_bar(function);
  print("PCI ");
  print_address(function);
  print_char(' ');
  print_hex(id & 0xffff, 4);
  print_char(':');
  print_hex(id >> 16, 4);
  print(" class=");
  print_hex(class, 6);
  print_char('\n');
  int is_edu = id == 0x11e81234, is_nvme = class == 0x010802;
  if (!base || !(is_edu || is_nvme)) return;
  config_write(function, 4, (config_read(function, 4) & 0xffff) | 6); /* memory space and bus master */
  if (is_edu) show_edu(function, base);
  if (is_nvme) show_nvme(function, base);
}

static void show_all(void) {
  u32 last_bus = 0;
  print("PROBE begin\n");
  for (u32 bus = 0; bus <= last_bus; bus++)
    for (u32 slot = 0; slot < 32; slot++)
      for (u32 n = 0; n < 8; n++) {
        u32 function = bus << 8 | slot << 3 | n, id = config_read(function, 0);
        u32 header = config_read(function, 12) >> 16 & 0xff;
        if ((id & 0xffff) == 0xffff) {
          if (n == 0) break;
          continue;
        }
        u32 below = config_read(function, 0x18) >> 16 & 0xff;
        if ((header & 0x7f) == 1 && below > last_bus) last_bus = below;
        show_function(function, id);
        if (n == 0 && !(header & 0x80)) break;
      }
  print("PROBE end\n");
}

static int equal(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static void obey(const char *line) {
  if (equal(line, "again")) {
    show_all();
  } else if (equal(line, "off")) {
    out16(PM1_CONTROL, 1 << 13);
  } else {
    print("PROBE heard ");
    print(line);
    print_char('\n');
  }
}

static void listen(void) {
  static char line[128];
  static u32 length;
  while (in8(COM1 + 5) & 1) {
    char c = in8(COM1);
    if (c != '\r' && c != '\n') {
      if (length < sizeof line - 1) line[length++] = c;
      continue;
    }
    line[length] = 0;
    if (length) obey(line);
    length = 0;
  }
}

static int has_word(const char *text, const char *word) {
  for (; text && *text; text++) {
    u32 i = 0;
    while (word[i] && text[i] == word[i]) i++;
    if (!word[i]) return 1;
  }
  return 0;
}

/* `info`: hvm_start_info; its cmdline_paddr is the 64-bit word at offset 24. */
void start(const u32 *info) {
  out8(COM1 + 1, 0);
  out8(COM1 + 3, 0x80);
  out8(COM1, 1);
  out8(COM1 + 1, 0);
  out8(COM1 + 3, 3);
  out8(COM1 + 2, 7);
  show_all();
  if (has_word((const char *)info[6], "hold")) {
    print("PROBE holds\n");
    out16(PM1_ENABLE, POWER_BUTTON);
    while (!(in16(PM1_STATUS) & POWER_BUTTON)) {
      listen();
      for (u32 i = 0; i < 20000; i++) __asm__ volatile("pause");
    }
    print("PROBE power button\n");
  }
  out16(PM1_CONTROL, 1 << 13); /* S5 of q35 and pc */
  for (;;) __asm__ volatile("hlt");
}
