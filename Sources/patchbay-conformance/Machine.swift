/// `NAME.json` of a recorded machine, as far as it is compared.
struct Machine: Decodable {
    var truth: Truth

    struct Truth: Decodable {
        var pci_function_count: Int
        var domains: [String]
        var functions: [Function]
        var bridges: [String]
        var gpus: [String]
        var nvme: [String]
        var network: [String]
        var iommu_group_count: Int
        var iommu_groups: [String: [String]]
        var iommu_groups_with_several: [Int]
        /// nil: the machine has no groups.
        var functions_without_group: Int?
        var sriov: [PhysicalFunction]
        /// nil: not in the source.
        var boot_vga: String?
        var net: [String: String]
        var block: [String: String]
        var block_nvme_multipath: [String: [String]]
        var block_hidden: [String]
        /// CPU lists by node number; nil: not in the source.
        var numa_nodes: [String: String]?
        var pus_by_hwloc: Int?
        var mounts: [Mounted]?
        var usb_devices: [USB]
        /// Groups by UUID; nil: no such devices.
        var mdev_iommu_groups: [String: Int]?
    }

    struct USB: Decodable {
        var name: String
        var id: String
        var bus: Int
        var dev: Int
        var controller: String?
    }

    struct Function: Decodable {
        var addr: String
        var vendor: String
        var device: String
        /// Base and sub-class.
        var `class`: String
        var prog_if: String
        var subsystem: String?
        var revision: String?
        var driver: String?
        /// -1 as the kernel prints it; nil: the tree has no such file.
        var numa_node: Int?
        var iommu_group: Int?
    }

    struct PhysicalFunction: Decodable {
        var pf: String
        var total_vfs: Int
        var num_vfs: Int
        /// Of the capability in config space, which the driver may allow fewer of; nil: it was not recorded.
        var capability_initial_vfs: Int?
        var capability_total_vfs: Int?
        var capability_num_vfs: Int?
        var vfs: [String]
    }

    struct Mounted: Decodable {
        var target: String
        var source: String
        /// The lowest block devices; nil: the tree cannot tell, so no disk may be called free.
        var backing: [String]?
        var pci: [String]?
    }
}
