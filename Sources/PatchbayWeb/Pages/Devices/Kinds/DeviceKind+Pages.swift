import PatchbayAPI
import PatchbayCore
import PatchbayText

/// What pages say of each kind of device: the only switches over kinds here.
extension DeviceKind {
    /// `PCI`
    var label: String {
        switch self {
        case .pci: "PCI"
        case .usb: "USB"
        }
    }

    /// The columns of its list, in order.
    var columns: [DeviceColumn] {
        switch self {
        case .pci: DeviceColumn.ofPCI
        case .usb: DeviceColumn.ofUSB
        }
    }

    /// What somebody could look for.
    var searchExample: String {
        switch self {
        case .pci: "A100  or  state=free vendor=10de numa=0"
        case .usb: "YubiKey  or  state=free vendor=1050 speed>=480"
        }
    }

    /// Pages need what only the survey of its host tells: serial number, speed, interfaces.
    var isSurveyed: Bool {
        switch self {
        case .pci: false
        case .usb: true
        }
    }

    /// The host's IOMMU must be on before it is lent, so groups and reboots matter.
    var needsIOMMU: Bool {
        switch self {
        case .pci: true
        case .usb: false
        }
    }

    /// What a pool of such devices is, where nobody says otherwise.
    var usualClass: PoolClass {
        switch self {
        case .pci: .pci
        case .usb: .usb
        }
    }

    /// What becomes of devices that join a pool.
    func words(_ preparation: Pool.Preparation) -> String {
        switch (self, preparation) {
        case (.pci, .eager): "on vfio-pci as soon as they join"
        case (.pci, .onDemand): "on their own driver until a VM starts"
        case (.usb, .eager): "without a host driver as soon as they join"
        case (.usb, .onDemand): "on their own drivers until a VM gets them"
        }
    }

    /// What a VM cannot do while it holds one; nil: nothing.
    func caution(for vm: String) -> String? {
        switch self {
        case .pci: "\(vm) cannot be live-migrated while it has a PCI device."
        case .usb: nil
        }
    }

    /// What a guest needs for it; nil: it depends on the model.
    var guestAdvice: String? {
        switch self {
        case .pci: nil
        case .usb: "most guests have a driver for it; Windows may need the vendor's."
        }
    }

    /// Taking it from the host now, without a VM.
    var preparationHint: String {
        switch self {
        case .pci: "Bind it to vfio-pci now and keep it there"
        case .usb: "Unbind it from the host's drivers now and keep it without one"
        }
    }

    /// What handing over a device that nobody uses takes.
    ///
    /// - Parameter drivers: that hold it on the host; nil: none does.
    func handover(from drivers: String?) -> String {
        switch (self, drivers) {
        case (.pci, nil): "It has no driver, so nothing has to be unbound. No reboot."
        case (.pci, PCIFunction.vfioDriver?): "It is on vfio-pci already, so nothing has to be unbound. No reboot."
        case (.pci, let driver?):
            "It is unbound from \(driver) when it is lent, and the host cannot use it then. No reboot."
        case (.usb, nil): "It has no driver on the host. A running VM gets it at once."
        case (.usb, let drivers?):
            "The host cannot use it while a VM has it: \(drivers) \(drivers.contains(",") ? "let" : "lets") go of it. "
                + "A running VM gets it at once."
        }
    }

    /// The command that tells everything about one.
    func showing(_ id: String) -> ShellLine {
        switch self {
        case .pci: ShellLine("device", "show", id)
        case .usb: ShellLine("usb", "show", id)
        }
    }
}

extension PageMaker {
    /// What the page of a device shows of its own kind.
    func part(of device: API.Device) async throws(Problem) -> DevicePage.Part {
        switch device.kind {
        case .pci:
            var group: API.Group?
            if let number = device.iommuGroup { group = try await service.group(number, host: device.host) }
            let plugged = device.isUSBController ? try await service.survey(host: device.host).usb : []
            return DevicePage.Part(device, group: group, plugged: plugged.filter { $0.controller == device.address })
        case .usb:
            let usb = try await facts(ofUSB: [device])[device.id]
            var controller: API.Device?
            if let address = device.parent { controller = try await service.device("\(device.host)/\(address)") }
            return DevicePage.Part(device, usb: usb, controller: controller)
        }
    }
}

extension API.Device {
    /// `0c03xx`, PCI Code and ID Assignment Specification.
    fileprivate var isUSBController: Bool { kind == .pci && classCode.hasPrefix("0c03") }
}
