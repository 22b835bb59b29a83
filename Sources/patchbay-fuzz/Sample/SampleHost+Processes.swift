extension SampleHost {
    mutating func addProcesses() {
        file("proc/sys/kernel/hostname", "atlas\n")
        file("proc/sys/kernel/osrelease", "6.1.0-13-amd64\n")
        file("proc/sys/kernel/random/boot_id", "0bdd9c4f-3a5f-4a0b-9a5a-5d6e6c7a8b9c\n")
        file(
            "proc/cmdline",
            "BOOT_IMAGE=/vmlinuz root=/dev/mapper/vg-root ro intel_iommu=on iommu=pt isolcpus=2 vfio-pci.ids=10de:20b5 console=ttyS0\n"
        )
        file(
            "proc/meminfo",
            "MemTotal:       32768000 kB\nMemFree:        16000000 kB\nHugePages_Total:       8\nHugepagesize:       2048 kB\n"
        )
        file(
            "proc/cpuinfo",
            "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\nflags\t\t: vmx ept\nphysical id\t: 0\n\nprocessor\t: 1\n\n"
        )
        file(
            "proc/iomem",
            "00000000-00000fff : Reserved\nc0000000-c0ffffff : 0000:01:00.0\n  c0000000-c02fffff : BOOTFB\n")
        file("proc/modules", "vfio_pci 16384 0 - Live 0x0\nvfio_pci_core 69632 1 vfio_pci, Live 0x0\n")
        file("proc/filesystems", "nodev\tsysfs\n\text4\n")
        file("proc/interrupts", "  24:  0  0  DMAR-MSI  0-edge  dmar0\n")
        for (pid, command, node, unit) in [
            ("1", "systemd", "/dev/null", "init.scope"),
            ("812", "nvidia-persiste", "/dev/nvidia0", "system.slice/nvidia-persistenced.service"),
            ("900", "qemu-system-x86", "/dev/vfio/6", "machine.slice/machine-qemu.scope"),
            ("901", "python3", "/dev/dri/card0", "system.slice/docker-0123456789abcdef.scope"),
        ] {
            file("proc/\(pid)/comm", "\(command)\n")
            file("proc/\(pid)/cmdline", "\(command)\0-x\0guest=vm1\0")
            file("proc/\(pid)/cgroup", "0::/\(unit)\n")
            file("proc/\(pid)/status", "Name:\t\(command)\nPid:\t\(pid)\nUid:\t0\t0\t0\t0\n")
            file("proc/\(pid)/stat", "\(pid) (\(command)) S 1 1 1 0 -1 4194560\n")
            file(
                "proc/\(pid)/limits",
                "Limit                     Soft Limit           Hard Limit           Units\nMax locked memory         8388608              8388608              bytes\n"
            )
            rawLink("proc/\(pid)/fd/3", to: node)
            rawLink("proc/\(pid)/fd/4", to: "socket:[1]")
            rawLink("proc/\(pid)/exe", to: "/usr/bin/\(command)")
            rawLink("proc/\(pid)/root", to: "/")
        }
    }

    mutating func addMounts() {
        file("proc/swaps", "Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n/dev/dm-1 partition\t8388604\t0\t-2\n")
        let mounts =
            "22 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw\n"
            + "23 22 259:1 / /boot rw,relatime - ext4 /dev/nvme0n1p1 rw\n24 22 0:44 / /data rw - btrfs /dev/dm-1 rw\n"
            + "25 22 0:50 / /mnt/nfs rw - nfs4 10.0.0.9:/export rw,addr=10.0.0.9\n26 22 8:0 / /media/stick rw - vfat /dev/sda rw\n"
            + "27 22 0:5 / /dev rw - devtmpfs udev rw\n28 22 0:60 / /tank rw - zfs tank rw\n29 22 7:0 / /mnt/loop rw - ext4 /dev/loop0 rw\n"
        for process in ["1", "self"] {
            file("proc/\(process)/mountinfo", mounts)
            file(
                "proc/\(process)/mounts",
                "/dev/mapper/vg-root / ext4 rw 0 0\n10.0.0.9:/export /mnt/nfs nfs4 rw,addr=10.0.0.9 0 0\n")
        }
    }
}
