import PatchbayCore
import PatchbayHost

/// What reads text or bytes that a stranger wrote. Running one with any bytes must come back; what comes out is thrown
/// away, but for what has to hold of it.
enum InputTarget: String, CaseIterable, Sendable {
    case configSpace = "config-space"
    case vpd
    case rom
    case filter
    case deviceSpec = "device-spec"
    case pciNames = "pci-names"
    case usbNames = "usb-names"
    case mountinfo
    case routes

    /// Traps where something does not hold that has to.
    func run(_ bytes: [UInt8], _ room: InputRoom) throws {
        switch self {
        case .configSpace: _ = ConfigSpace(bytes).capabilities
        case .vpd: _ = VPD(bytes)
        case .rom: _ = OptionROM(image: bytes.span, isShadow: false)
        case .filter: Self.filter(String(decoding: bytes, as: UTF8.self), room.function)
        case .deviceSpec: Self.deviceSpec(String(decoding: bytes, as: UTF8.self), room.function)
        case .pciNames: _ = DeviceNames.named([room.function], in: try room.file(bytes))
        case .usbNames: _ = DeviceNames.named([room.stick], in: try room.file(bytes))
        case .mountinfo: try room.read(bytes, as: ["proc/1/mountinfo", "proc/swaps"])
        case .routes: try room.read(bytes, as: ["proc/1/net/route", "proc/1/net/ipv6_route"])
        }
    }

    /// What is accepted is printed, and read back it is the same.
    private static func filter(_ text: String, _ function: PCIFunction) {
        guard let filter = try? DeviceFilter(parsing: text) else { return }
        precondition((try? DeviceFilter(parsing: filter.description)) == filter, "it does not read back what it prints")
        _ = filter.matches(function, used: DeviceUse(host: "atlas", state: .free, pools: ["gpus"]))
    }

    private static func deviceSpec(_ text: String, _ function: PCIFunction) {
        let host = NovaHost(parents: [function.address: .init(id: function.id, virtualProduct: 1)])
        guard let specs = try? NovaDeviceSpec.parse(text, on: host, reportsToPlacement: true) else { return }
        _ = specs.firstMatches([NovaDevice(function)], on: host)
    }
}
