/// Source: `Documentation/ABI/testing/sysfs-bus-vfio-mdev`; NVIDIA vGPU Software User Guide, "Creating an NVIDIA vGPU
/// on a Linux with KVM hypervisor that uses a vendor-specific VFIO framework".
extension SysfsPath {
    static let mediatedParents = "sys/class/mdev_bus"
    static let mediatedDevices = "sys/bus/mdev/devices"
    /// What `mdevctl` makes at each boot: `etc/mdevctl.d/<parent>/<uuid>`.
    static let mediatedDefinitions = "etc/mdevctl.d"
    /// Relative to a PCI function's directory.
    static let mediatedTypes = "mdev_supported_types"
    static let creatableTypes = "nvidia/creatable_vgpu_types"
    static let currentType = "nvidia/current_vgpu_type"

    /// Attributes of a type of mediated devices, and of a mediated device.
    enum Mediated {
        static let name = "name"
        static let description = "description"
        static let deviceAPI = "device_api"
        static let available = "available_instances"
        static let type = "mdev_type"
        static let iommuGroup = "iommu_group"
    }
}
