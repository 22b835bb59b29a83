/// What is to be done in the hypervisor of a host that is a guest itself.
///
/// Sources: QEMU's `docs/system/devices`, libvirt's domain format, Proxmox VE's administration guide, and the settings
/// of VMware, Hyper-V, VirtualBox and the clouds as their makers document them.
extension HostHypervisor {
    /// What people call it.
    var name: String {
        switch self {
        case .xenControl, .xen: "Xen"
        case .hyperV: "Hyper-V or Azure"
        case .kvm: "KVM"
        case .vmware: "VMware"
        case .virtualBox: "VirtualBox"
        case .ec2: "Amazon EC2"
        case .googleCloud: "Google Cloud"
        case .powerVM: "PowerVM"
        case .zVM: "z/VM"
        case .other: "a hypervisor"
        }
    }

    /// Behind "virtual machine": ` (KVM)`, and nothing where it has no name that is known.
    var inParentheses: String { self == .other ? "" : " (\(name))" }

    /// How this machine gets an IOMMU of its own.
    func iommuSteps(_ maker: Patient.Maker?) -> [NextStep] {
        let model = maker == .amd ? "amd" : "intel"
        switch self {
        case .kvm:
            return [
                NextStep(
                    "Give this machine a virtual IOMMU on the host that runs it. libvirt: <iommu model='intel'><driver"
                        + " intremap='on' caching_mode='on'/></iommu> with machine q35 and <ioapic driver='qemu'/>."),
                "Proxmox VE:  qm set ID --machine q35,viommu=intel",
                "QEMU:  -machine q35,kernel-irqchip=split -device intel-iommu,intremap=on,caching-mode=on",
            ]
        case .vmware:
            return ["Power this machine off and turn on \"Expose IOMMU to the guest OS\" in its CPU settings."]
        case .virtualBox:
            return ["Power this machine off, then:  VBoxManage modifyvm NAME --chipset=ich9 --iommu=\(model)"]
        case .hyperV:
            return ["Hyper-V and Azure offer no IOMMU that Linux can use: lend from a physical host."]
        case .ec2, .googleCloud:
            return ["Virtual machines of \(name) have no IOMMU: lend from a bare-metal machine type."]
        case .xen, .xenControl:
            return ["Xen gives its guests no IOMMU: lend from a host on which Linux runs on the hardware with KVM."]
        case .powerVM, .zVM, .other:
            return ["Ask the operator of this machine's hypervisor whether it can give the machine an IOMMU."]
        }
    }

    /// How this machine may run guests of its own.
    var nestingSteps: [NextStep] {
        switch self {
        case .hyperV:
            [
                NextStep(
                    "On the Hyper-V host, with this machine off:  Set-VMProcessor -VMName NAME"
                        + " -ExposeVirtualizationExtensions $true"),
                "On Azure choose a size that supports nested virtualization.",
            ]
        case .vmware:
            ["Power this machine off and turn on \"Expose hardware assisted virtualization\" in its CPU settings."]
        case .virtualBox: ["Power this machine off, then:  VBoxManage modifyvm NAME --nested-hw-virt=on"]
        case .ec2, .googleCloud: ["Choose a machine type that supports nested virtualization, or a bare-metal one."]
        case .xen, .xenControl, .kvm, .powerVM, .zVM, .other:
            ["Turn on nested virtualization in the hypervisor that this machine runs on, then restart the machine."]
        }
    }
}
