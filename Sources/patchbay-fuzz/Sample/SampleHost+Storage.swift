extension SampleHost {
    /// NVMe with partitions, LVM on md on it, a loop device, a USB stick, btrfs and multipath.
    mutating func addStorage() {
        let nvme = "sys/devices/pci0000:00/0000:00:02.0/0000:03:00.0/nvme/nvme0"
        attributes(
            nvme, "model=Disk\nserial=S4EWNX0\nfirmware_rev=1\ntransport=pcie\ncntlid=1\nsubsysnqn=nqn.x\nstate=live")
        link("sys/class/nvme/nvme0", to: nvme)
        link("\(nvme)/device", to: "sys/devices/pci0000:00/0000:00:02.0/0000:03:00.0")
        attributes("sys/devices/virtual/nvme-subsystem/nvme-subsys0", "subsysnqn=nqn.x")
        link("sys/class/nvme-subsystem/nvme-subsys0", to: "sys/devices/virtual/nvme-subsystem/nvme-subsys0")
        link("sys/devices/virtual/nvme-subsystem/nvme-subsys0/nvme0", to: nvme)
        disk("nvme0n1", at: "\(nvme)/nvme0n1", number: "259:0")
        disk("nvme0n1p1", at: "\(nvme)/nvme0n1/nvme0n1p1", number: "259:1", isPartition: true)
        disk("nvme0n1p2", at: "\(nvme)/nvme0n1/nvme0n1p2", number: "259:2", isPartition: true)
        for (name, number) in [("md0", "9:0"), ("dm-0", "253:0"), ("dm-1", "253:1"), ("loop0", "7:0")] {
            disk(name, at: "sys/devices/virtual/block/\(name)", number: number)
        }
        let virtual = "sys/devices/virtual/block"
        link("\(virtual)/md0/slaves/nvme0n1p2", to: "\(nvme)/nvme0n1/nvme0n1p2")
        link("\(nvme)/nvme0n1/nvme0n1p2/holders/md0", to: "\(virtual)/md0")
        link("\(virtual)/dm-0/slaves/md0", to: "\(virtual)/md0")
        link("\(virtual)/md0/holders/dm-0", to: "\(virtual)/dm-0")
        link("\(virtual)/dm-1/slaves/dm-0", to: "\(virtual)/dm-0")
        attributes("\(virtual)/dm-0/dm", "name=vg-root\nuuid=LVM-abcdef")
        attributes("\(virtual)/dm-1/dm", "name=crypt\nuuid=CRYPT-LUKS2-abcdef-crypt")
        attributes("\(virtual)/md0/md", "level=raid1\narray_state=clean\nraid_disks=1\nmetadata_version=1.2")
        attributes("\(virtual)/loop0/loop", "backing_file=/var/lib/disk.img\nautoclear=0")
        attributes("sys/fs/btrfs/0b1c/devinfo/1", "missing=0")
        link("sys/fs/btrfs/0b1c/devices/dm-1", to: "\(virtual)/dm-1")
        file("sys/fs/btrfs/0b1c/label", "data\n")
        file(
            "proc/mdstat",
            "Personalities : [raid1]\nmd0 : active raid1 nvme0n1p2[0]\n      1048576 blocks [1/1] [U]\n\nunused devices: <none>\n"
        )
        file("proc/partitions", "major minor  #blocks  name\n\n 259        0  1000204632 nvme0n1\n")
        file("etc/fstab", "/dev/mapper/vg-root / ext4 defaults 0 1\nUUID=abcd /boot ext4 ro 0 2\n")
        file("etc/crypttab", "crypt /dev/dm-0 none luks\n")
        file("run/udev/data/b259:1", "S:disk/by-uuid/abcd\nE:ID_FS_TYPE=ext4\nE:ID_FS_UUID=abcd\n")
        file("run/udev/data/b259:2", "E:ID_FS_TYPE=linux_raid_member\n")
    }

    mutating func disk(_ name: String, at path: String, number: String, isPartition: Bool = false) {
        attributes(path, "dev=\(number)\nsize=2000409264\nro=0\nremovable=0\nhidden=0\nstat=1 2 3\ninflight=0 0")
        file("\(path)/uevent", "DEVNAME=\(name)\nDEVTYPE=\(isPartition ? "partition" : "disk")\n")
        if isPartition { file("\(path)/partition", "1\n") }
        folder("\(path)/slaves")
        folder("\(path)/holders")
        link("sys/class/block/\(name)", to: path)
        link("sys/dev/block/\(number)", to: path)
        if !isPartition { link("sys/block/\(name)", to: path) }
    }
}
