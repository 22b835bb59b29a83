/// What a managed VM is made of: enough for libvirt to define it, and nothing about devices.
///
/// Its serial console is always there, as a pseudo-terminal that is also logged to a file on the host.
package struct GuestSpec: Hashable, Codable, Sendable {
    package enum Boot: Hashable, Codable, Sendable {
        /// A disk image on the host; `format` is qcow2 or raw.
        case disk(path: String, format: String)
        /// Direct kernel boot.
        case kernel(path: String, initrd: String?, commandLine: String)
    }

    package var name: String
    package var vcpus: Int
    package var memoryMiB: Int
    package var boot: Boot
    /// nil: KVM where the host has it, else software emulation.
    package var accelerator: Accelerator?
    package var pin: PinPolicy
    /// Size of the pages that its memory is made of, in KiB; nil: ordinary pages.
    package var hugepageKiB: Int?
    /// How many NUMA cells it sees; nil: as few as will do.
    package var cells: Int?

    package enum Accelerator: String, Codable, Sendable, CaseIterable { case kvm, emulation }

    package init(
        name: String, vcpus: Int, memoryMiB: Int, boot: Boot, accelerator: Accelerator? = nil, pin: PinPolicy = .none,
        hugepageKiB: Int? = nil, cells: Int? = nil
    ) {
        self.name = name
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.boot = boot
        self.accelerator = accelerator
        self.pin = pin
        self.hugepageKiB = hugepageKiB
        self.cells = cells
    }

    /// What it takes of a host beside devices.
    package var needs: GuestNeeds {
        GuestNeeds(vcpus: vcpus, memoryMiB: memoryMiB, pin: pin, hugepageKiB: hugepageKiB, cells: cells)
    }
}

/// A guest as the hypervisor shows it now.
package struct Domain: Hashable, Codable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable {
        case running, paused, shutOff = "shut-off"
        /// It has crashed, and its process is kept (`on_crash=preserve`); one that a crash has ended is off.
        case crashed
        case other
        /// Its host cannot be asked: it may run.
        case unknown

        /// It has, or may have, its devices now.
        package var isOn: Bool {
            switch self {
            case .running, .paused, .crashed, .other, .unknown: true
            case .shutOff: false
            }
        }
    }

    package var name: String
    package var uuid: String
    package var state: State
    package var vcpus: Int?
    package var memoryMiB: Int?
    /// Host devices in the live definition; empty when it is not running.
    package var liveDevices: [DeviceKey]
    /// Devices that were pulled from the host while it had them, by where they were: the guest sees nothing of them any more,
    /// and they are in the way of what is plugged in there again.
    package var pulledDevices: [DeviceKey] {
        get { pulled ?? [] }
        set { pulled = newValue.isEmpty ? nil : newValue }
    }
    private var pulled: [DeviceKey]?
    /// True while it runs without a USB controller: no USB device can be plugged into it. nil: it has one, or is off.
    package var lacksUSBController: Bool?
    /// Host devices in the persistent definition: what it holds at the next start.
    package var definedDevices: [DeviceKey]
    /// True when the definition carries Patchbay's mark.
    package var isManaged: Bool
    /// True when Patchbay's definition ties it to CPUs or memory of the host.
    package var isSeated: Bool

    package init(
        name: String, uuid: String, state: State, vcpus: Int? = nil, memoryMiB: Int? = nil,
        liveDevices: [DeviceKey] = [], pulledDevices: [DeviceKey] = [], definedDevices: [DeviceKey] = [],
        isManaged: Bool = false, isSeated: Bool = false, lacksUSBController: Bool? = nil
    ) {
        self.name = name
        self.uuid = uuid
        self.state = state
        self.vcpus = vcpus
        self.memoryMiB = memoryMiB
        self.liveDevices = liveDevices
        self.definedDevices = definedDevices
        self.isManaged = isManaged
        self.isSeated = isSeated
        self.pulledDevices = pulledDevices
        self.lacksUSBController = lacksUSBController
    }
}
