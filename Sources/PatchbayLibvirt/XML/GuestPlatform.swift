import PatchbayCore

/// What kind of guest a daemon can run: read from its capabilities, used to write a definition.
///
/// Format: libvirt.org, "Driver capabilities XML format".
struct GuestPlatform: Hashable {
    /// `kvm`, `qemu` (software emulation), or what else the daemon drives.
    var type: String
    var architecture: String
    /// nil: the daemon knows no machine types.
    var machine: String?
    var emulator: String?

    /// The best the capabilities offer: x86-64 before others, q35 where there is one, KVM unless emulation is asked for.
    ///
    /// Throws `.hypervisorRefused` when there is none, or none with the accelerator asked for.
    init(capabilities xml: String, accelerator: GuestSpec.Accelerator?) throws(Problem) {
        let guests = try Self.guests(xml)
        guard let guest = guests.first(where: { $0.architecture == "x86_64" }) ?? guests.first else {
            throw Problem(
                .hypervisorRefused, "libvirt on this host cannot run virtual machines.",
                next: ["Install QEMU:  apt install qemu-system-x86"])
        }
        guard let type = Self.type(of: guest.types, accelerator) else {
            throw Problem(
                .hypervisorRefused, "libvirt on this host offers no \(accelerator?.rawValue ?? "virtual machines").",
                evidence: ["It offers: \(guest.types.joined(separator: ", "))"],
                next: ["Turn on virtualization in the firmware so that /dev/kvm exists, or use emulation."])
        }
        self.type = type
        architecture = guest.architecture
        machine = guest.machines.contains("q35") ? "q35" : nil
        emulator = guest.emulator
    }

    private struct Guest {
        var architecture: String
        var types: [String]
        var machines: [String]
        var emulator: String?
    }

    private static func guests(_ xml: String) throws(Problem) -> [Guest] {
        try XMLTree(xml).elements("guest").filter { $0.first("os_type")?.text == "hvm" }
            .flatMap { $0.elements("arch") }
            .map { arch in
                Guest(
                    architecture: arch["name"] ?? "",
                    types: arch.elements("domain").compactMap { $0["type"] },
                    machines: arch.elements("machine").map(\.text),
                    emulator: arch.first("emulator")?.text)
            }
    }

    private static func type(of offered: [String], _ accelerator: GuestSpec.Accelerator?) -> String? {
        switch accelerator {
        case .kvm: offered.first { $0 == "kvm" }
        case .emulation: offered.first { $0 == "qemu" }
        case nil: offered.first { $0 == "kvm" } ?? offered.first
        }
    }
}
