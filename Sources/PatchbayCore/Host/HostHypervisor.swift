/// The hypervisor that a host runs on itself; none where Linux is on the hardware.
package enum HostHypervisor: String, Codable, Sendable, CaseIterable {
    /// Linux is the control domain of Xen (dom0): it sees the hardware, and Xen owns IOMMU and memory.
    case xenControl = "xen-dom0"
    case xen
    case hyperV = "hyper-v"
    case kvm
    case vmware
    case virtualBox = "virtualbox"
    /// Amazon EC2, but for its bare-metal machines.
    case ec2
    case googleCloud = "google-cloud"
    /// A logical partition of a POWER machine.
    case powerVM = "powervm"
    case zVM = "z/vm"
    /// The processor says so (`hypervisor` flag), and nothing tells which.
    case other

    /// Linux sees what the hypervisor shows it; a control domain is none.
    package var isGuest: Bool { self != .xenControl }
}
