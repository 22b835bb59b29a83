#!/bin/bash
# Second program of an emulated host, after stage1: file systems, modules, udev, the network, then labd for good. What the
# lab set up at the first boot (virtual functions, libvirt, the agent) is started at every later one by /share/lab/at-boot.
# Arguments on the kernel command line: lab.name=NAME, lab.route=MAC (the NIC that carries the default route).
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8

die() {
    echo "LAB-FAIL: $*" >/dev/console
    sync
    echo o >/proc/sysrq-trigger
    sleep 60
}
stage() { read -r up _ </proc/uptime; echo "LAB-STAGE $up $*" >/dev/console; }
mounted() { mkdir -p "$3" && mount -t "$1" -o "$4" "$2" "$3" || die "cannot mount $3"; }

mounted tmpfs run /run mode=755
mounted tmpfs tmp /tmp mode=1777
mkdir -p /run/lock
mounted devpts pts /dev/pts gid=5,mode=620,ptmxmode=666
mounted tmpfs shm /dev/shm mode=1777
mount -t cgroup2 cgroup /sys/fs/cgroup
ln -sf /proc/self/fd /dev/fd
for n in 0:stdin 1:stdout 2:stderr; do ln -sf "/proc/self/fd/${n%:*}" "/dev/${n#*:}"; done
mounted 9p kernel /kernel trans=virtio,version=9p2000.L,msize=1048576,cache=loose,ro
mkdir -p /lib/modules
mount --bind /kernel/lib/modules /lib/modules || die "no kernel modules"

for word in $(</proc/cmdline); do
    case $word in
    lab.name=*) name=${word#*=} ;;
    lab.route=*) route=${word#*=} ;;
    esac
done
hostname "$name" || die "no name"
echo "127.0.0.1 localhost $name" >/etc/hosts
echo "$name" >/etc/hostname
rm -f /etc/machine-id
echo "${name}" | md5sum | cut -c1-32 >/etc/machine-id
ip link set lo up

# There is no init to ask for a reboot: the kernel is.
for order in reboot:b poweroff:o; do
    cat >"/usr/local/sbin/${order%:*}" <<SCRIPT
#!/bin/sh
sync
echo u >/proc/sysrq-trigger
echo ${order#*:} >/proc/sysrq-trigger
SCRIPT
    chmod 755 "/usr/local/sbin/${order%:*}"
done

stage modules
/lib/systemd/systemd-modules-load || true
stage udev
/lib/systemd/systemd-udevd --daemon || die "udevd does not start"
udevadm trigger --type=subsystems --action=add
udevadm trigger --type=devices --action=add
udevadm settle -t 120

if [ -n "$route" ]; then
    file=$(grep -l "$route" /sys/class/net/*/address | head -n 1)
    [ -n "$file" ] || die "no network interface has the address $route"
    link=$(basename "$(dirname "$file")")
    ip addr add 10.0.2.15/24 dev "$link"
    ip link set "$link" up
    ip route add default via 10.0.2.2 dev "$link" || die "no default route"
    echo "nameserver 10.0.2.3" >/etc/resolv.conf
fi
if [ -x /share/lab/at-boot ]; then
    stage at-boot
    (
        /share/lab/at-boot >/share/boot.log 2>&1 </dev/null
        echo $? >/run/lab-boot-status
    ) &
fi
stage labd
exec /share/lab/labd || die "labd does not start"
