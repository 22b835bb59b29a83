extension SampleHost {
    /// Vendor VFIO and mediated devices of the display.
    mutating func addMediated() {
        let parent = "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0"
        attributes(
            "\(parent)/mdev_supported_types/nvidia-35",
            "name=GRID\navailable_instances=3\ndevice_api=vfio-pci\ndescription=num_heads=2")
        attributes("\(parent)/mdev_supported_types/i915-GVTg_V5_4", "available_instances=1\ndevice_api=vfio-pci")
        attributes(
            "\(parent)/nvidia",
            "creatable_vgpu_types=ID    : vGPU Name\n557   : NVIDIA A100-4C\ncurrent_vgpu_type=0\nvgpu_params=")
        link("sys/class/mdev_bus/0000:01:00.0", to: parent)
        let child = "\(parent)/0bdd9c4f-3a5f-4a0b-9a5a-5d6e6c7a8b9c"
        link("\(child)/mdev_type", to: "\(parent)/mdev_supported_types/nvidia-35")
        link("\(child)/iommu_group", to: "sys/kernel/iommu_groups/9")
        attributes("sys/kernel/iommu_groups/9", "type=DMA\nname=vfio-noiommu")
        link("\(parent)/mdev_supported_types/nvidia-35/devices/0bdd9c4f-3a5f-4a0b-9a5a-5d6e6c7a8b9c", to: child)
        link("sys/bus/mdev/devices/0bdd9c4f-3a5f-4a0b-9a5a-5d6e6c7a8b9c", to: child)
        file(
            "proc/driver/nvidia/gpus/0000:01:00.0/information",
            "Model: A100\nGPU UUID: GPU-x\nBus Location: 0000:01:00.0\n")
        file("proc/driver/nvidia/capabilities/gpu0/mig/gi1/access", "DeviceFileMinor: 3\n")
    }

    mutating func addPlatform() {
        for node in 0...1 {
            let path = "sys/devices/system/node/node\(node)"
            attributes(path, "cpulist=\(node * 2)-\(node * 2 + 1)\ncpumap=3\ndistance=10 21")
            file(
                "\(path)/meminfo",
                "Node \(node) MemTotal:       16384000 kB\nNode \(node) MemFree:        8000000 kB\nNode \(node) HugePages_Total:     0\n"
            )
            for size in ["2048", "1048576"] {
                attributes(
                    "\(path)/hugepages/hugepages-\(size)kB", "nr_hugepages=4\nfree_hugepages=3\nsurplus_hugepages=0")
            }
        }
        attributes("sys/devices/system/node", "online=0-1\npossible=0-1\nhas_cpu=0-1\nhas_memory=0-1")
        attributes("sys/devices/system/cpu", "online=0-3\npossible=0-3\npresent=0-3\nalone=2\nnohz_full=(null)")
        attributes("sys/devices/system/cpu/smt", "active=1\ncontrol=on")
        for cpu in 0..<4 {
            attributes(
                "sys/devices/system/cpu/cpu\(cpu)/topology",
                "physical_package_id=\(cpu / 2)\ncore_id=\(cpu)\ndie_id=0\nthread_siblings_list=\(cpu)\n"
                    + "core_cpus_list=\(cpu)\npackage_cpus_list=0-1\ncluster_id=0"
            )
            attributes("sys/devices/system/cpu/cpu\(cpu)", "online=1")
            attributes(
                "sys/devices/system/cpu/cpu\(cpu)/cache/index3",
                "level=3\nsize=32768K\nshared_cpu_list=0-1\ntype=Unified")
        }
        for size in ["2048", "1048576"] {
            attributes("sys/kernel/mm/hugepages/hugepages-\(size)kB", "nr_hugepages=8\nfree_hugepages=6")
        }
        file(
            "sys/firmware/acpi/tables/DMAR",
            Array("DMAR".utf8) + [0x50, 0, 0, 0, 1, 0x20] + [UInt8](repeating: 7, count: 70))
        file("sys/firmware/acpi/tables/IVRS", Array("IVRS".utf8) + [UInt8](repeating: 1, count: 60))
        file("sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", [6, 0, 0, 0, 1])
        file("sys/firmware/efi/fw_platform_size", "64\n")
        attributes(
            "sys/class/dmi/id",
            "sys_vendor=Dell Inc.\nproduct_name=R740\nboard_vendor=Dell Inc.\nboard_name=0X\n"
                + "bios_vendor=Dell Inc.\nbios_version=2.1\nbios_date=01/01/2024\nchassis_type=23\nproduct_serial=X\nproduct_uuid=x"
        )
        for (module, parameter) in [
            ("vfio_pci", "ids=10de:20b5"), ("vfio", "enable_unsafe_noiommu_mode=N"),
            ("vfio_iommu_type1", "allow_unsafe_interrupts=N"), ("kvm_intel", "nested=Y"), ("kvm", "ignore_msrs=N"),
            ("nvidia", "NVreg=1"), ("intel_iommu", "x=1"),
        ] {
            attributes("sys/module/\(module)/parameters", parameter)
            attributes("sys/module/\(module)", "refcnt=1\ninitstate=live\nversion=1")
        }
        attributes("sys/class/tty/console", "active=tty0 ttyS0")
        attributes("sys/class/tty/tty0", "active=tty1")
        attributes("sys/class/vtconsole/vtcon0", "bind=1\nname=(S) dummy device")
        attributes("sys/bus/platform/devices/simple-framebuffer.0", "modalias=platform:simple-framebuffer")
        attributes("sys/kernel/security", "lockdown=[none] integrity confidentiality")
        attributes("sys/class/ipmi/ipmi0", "dev=242:0")
        attributes("sys/devices/system/clocksource/clocksource0", "current_clocksource=tsc")
        attributes("sys/bus/virtio/devices/virtio0", "device=0x0002\nmodalias=virtio:d00000002v00001AF4")
    }

    /// Programs, units and files of the boot loaders that are there or not.
    mutating func addSystem() {
        file("proc/consoles", "tty0                 -WU (EC p  )    4:7\nttyS0                -W- (E   p a)    4:64\n")
        file("boot/grub/grubenv", "# GRUB Environment Block\nkernelopts=root=/dev/sda1 ro\nsaved_entry=a\n####")
        file("boot/grub2/grubenv", "# GRUB Environment Block\nsaved_entry=x\n")
        file("etc/default/grub.d/iommu.cfg", "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX iommu=pt\"\n")
        file("etc/driverctl.d/0000:01:00.0", "vfio-pci\n")
        file("etc/kernel/proxmox-boot-uuids", "ABCD-1234\n")
        file("efi/loader/entries/b.conf", "title B\noptions quiet\n")
        file("boot/efi/loader/loader.conf", "default b*\n")
        file("lib/modprobe.d/x.conf", "install nvidia /bin/true\nalias a b\\\n c\n")
        file("run/ostree-booted", "")
        file("proc/driver/nvidia/version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03\nGCC version:\n")
        file(
            "sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f", [6, 0, 0, 0, 0x73, 0, 0x79, 0])
        file("sys/devices/cpu_atom/cpus", "2-3\n")
        file("lib/systemd/system/nvidia-persistenced.service", "[Unit]\n")
        for unit in ["libvirtd.service", "nvidia-persistenced.service", "irqbalance.service"] {
            attributes("sys/fs/cgroup/system.slice/\(unit)", "cgroup.procs=812")
        }
        for path in ["dev/kvm", "dev/vfio/vfio", "dev/vfio/6", "dev/iommu", "usr/bin/grubby", "usr/sbin/libvirtd"] {
            file(path, "")
        }
        let display = "sys/devices/pci0000:00/0000:00:01.0"
        attributes("\(display)/0000:01:00.1/sound/card1", "id=NVidia\nnumber=1")
        link("sys/class/sound/card1", to: "\(display)/0000:01:00.1/sound/card1")
        attributes("sys/devices/virtual/misc/iommu", "dev=10:122")
        link("sys/class/misc/iommu", to: "sys/devices/virtual/misc/iommu")
        attributes("sys/class/fc_host/host5", "port_name=0x1000\nport_state=Online")
        attributes("sys/class/typec/port0", "data_role=[host] device\npower_role=source")
    }

    mutating func addSettings() {
        file(
            "etc/os-release",
            "NAME=\"Debian GNU/Linux\"\nID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12\"\nID_LIKE=x\n")
        file("usr/lib/os-release", "PRETTY_NAME='Fedora Linux 41'\nID=fedora\nVARIANT_ID=coreos\n")
        file("etc/hostname", "atlas\n")
        file("etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet intel_iommu=on\"\nGRUB_CMDLINE_LINUX=\"\"\n")
        file("etc/kernel/cmdline", "root=/dev/sda1 ro\n")
        file("boot/grub/grub.cfg", "linux /vmlinuz root=/dev/sda1 ro quiet\n")
        file("boot/grub2/grub.cfg", "set x=1\n")
        file(
            "boot/loader/entries/a.conf",
            "title Linux\nversion 6.1\nlinux /vmlinuz\noptions root=/dev/sda1 ro $kernelopts\n")
        file("boot/loader/loader.conf", "default a\n")
        file("boot/config-6.1.0-13-amd64", "CONFIG_VFIO=m\nCONFIG_VFIO_PCI=m\nCONFIG_INTEL_IOMMU_DEFAULT_ON=y\n")
        file("boot/efi/EFI/systemd/systemd-bootx64.efi", "MZ")
        file(
            "etc/modprobe.d/vfio.conf",
            "options vfio-pci ids=10de:20b5 disable_vga=1\nsoftdep nvidia pre: vfio-pci\nblacklist nouveau\n")
        file("etc/modules-load.d/vfio.conf", "vfio-pci\n")
        file("etc/modules", "vfio\n")
        file("etc/security/limits.conf", "* hard memlock unlimited\n")
        file("etc/systemd/system.conf", "DefaultLimitMEMLOCK=8M\n")
        file("etc/libvirt/qemu.conf", "max_locked_memory=0\n")
        file(
            "etc/libvirt/qemu/vm1.xml",
            "<domain type='kvm'><name>vm1</name><devices><disk type='block'><source dev='/dev/dm-1'/></disk></devices></domain>\n"
        )
        file(
            "run/libvirt/qemu/vm1.xml",
            "<domstatus state='running'><domain type='kvm'><name>vm1</name></domain></domstatus>\n")
        file("lib/modules/6.1.0-13-amd64/modules.builtin", "kernel/drivers/vfio/vfio.ko\n")
        file(
            "lib/modules/6.1.0-13-amd64/modules.dep",
            "kernel/drivers/vfio/pci/vfio-pci.ko: kernel/drivers/vfio/vfio.ko\n")
        file("lib/modules/6.1.0-13-amd64/modules.alias", "alias vfio_pci:v000015B3d* mlx5_vfio_pci\n")
        file("lib/modules/6.1.0-13-amd64/kernel/drivers/vfio/pci/vfio-pci.ko", "ELF")
        file(
            "usr/share/qemu/firmware/50-ovmf.json",
            "{\"interface-types\":[\"uefi\"],"
                + "\"mapping\":{\"executable\":{\"filename\":\"/usr/share/OVMF/OVMF_CODE_4M.fd\"}},\"features\":[\"secure-boot\"]}\n"
        )
        file("usr/share/OVMF/OVMF_CODE_4M.fd", "x")
        file("usr/bin/qemu-system-x86_64", "ELF")
        file(
            "var/lib/dpkg/status",
            "Package: qemu-system-x86\nStatus: install ok installed\nVersion: 1:7.2+dfsg-7\n\nPackage: ovmf\nVersion: 2022.11-6\n"
        )
        file("etc/systemd/system/multi-user.target.wants/nvidia-persistenced.service", "[Unit]\n")
        file("ostree/repo/config", "[core]\n")
        file("etc/iscsi/initiatorname.iscsi", "InitiatorName=iqn.x\n")
        attributes("sys/class/iscsi_session/session1", "targetname=iqn.x\nstate=LOGGED_IN")
        attributes("sys/class/iscsi_connection/connection1:0", "address=10.0.0.9\npersistent_address=10.0.0.9")
    }
}
