#!/bin/bash
# make-vfs ADDRESS COUNT: makes SR-IOV virtual functions of the physical function at ADDRESS and prints theirs.
# QEMU's NVMe controller wants its queues and interrupts handed out by hand first (NVMe 1.4, section 8.5).
set -e
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
pf=/sys/bus/pci/devices/$1 count=$2
[ -e "$pf/sriov_totalvfs" ] || { echo "$1 has no virtual functions" >&2; exit 1; }
give() { nvme virt-mgmt "$controller" --cntlid="$1" --rt="$2" --act="$3" --nr="$4" >/dev/null; }

if [ -d "$pf/nvme" ]; then
    controller=/dev/$(ls "$pf/nvme")
    give 0 1 1 0 # the physical function gives up its flexible interrupts
    give 0 0 1 0 # and queues
    nvme reset "$controller"
    echo 0 >"$pf/sriov_drivers_autoprobe"
    echo "$count" >"$pf/sriov_numvfs"
    for n in $(seq "$count"); do
        give "$n" 1 8 1
        give "$n" 0 8 2
        give "$n" 0 9 0
    done
else
    echo "$count" >"$pf/sriov_numvfs"
fi
udevadm settle -t 60
for vf in "$pf"/virtfn*; do basename "$(readlink "$vf")"; done
