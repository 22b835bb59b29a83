#!/bin/bash
# Starts libvirtd in an emulated host, without systemd, and returns when it answers. Does nothing when it already does.
set -e
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
virsh -q version >/dev/null 2>&1 && exit 0
modprobe vfio-pci # libvirt offers passthrough only where /dev/vfio/vfio exists
mkdir -p /etc/libvirt /run/libvirt /var/log/libvirt/qemu /var/lib/libvirt/qemu
cat >/etc/libvirt/qemu.conf <<'CONF'
user = "root"
group = "root"
security_driver = "none"
dynamic_ownership = 0
remember_owner = 0
namespaces = []
cgroup_controllers = []
seccomp_sandbox = 0
stdio_handler = "file"
CONF
cat >/etc/libvirt/libvirtd.conf <<'CONF'
unix_sock_group = "root"
unix_sock_rw_perms = "0700"
auth_unix_ro = "none"
auth_unix_rw = "none"
log_outputs = "2:file:/var/log/libvirt/libvirtd.log"
CONF
rm -f /run/libvirtd.pid
libvirtd -d
deadline=$((SECONDS + 180))
until virsh -q version >/run/virsh.log 2>&1; do
    [ $SECONDS -lt $deadline ] || { cat /run/virsh.log /var/log/libvirt/libvirtd.log >&2; exit 1; }
done
