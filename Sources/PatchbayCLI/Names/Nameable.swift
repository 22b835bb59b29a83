import PatchbayAPI
import PatchbayCore

/// What command lines call by name, and the names of it that a server knows: the one source for completion and for hints at what
/// was probably meant.
enum Nameable: Sendable, CaseIterable {
    case vm, pool, profile, device, usbDevice, group, host, plan, claim

    func names(_ service: any PatchbayService) async throws(Problem) -> [String] {
        switch self {
        case .vm: return try await service.vms().map(\.name)
        case .pool: return try await service.pools().map(\.name)
        case .profile: return try await service.profiles().map(\.name)
        case .device:
            var names: [String] = []
            for kind in DeviceKind.allCases { names += try await Self.devices(of: kind, service) }
            return names
        case .usbDevice: return try await Self.devices(of: .usb, service)
        case .group: return try await service.groups(host: nil).map { "\($0.host)/\($0.number)" }
        case .host: return try await service.hosts().map(\.name)
        case .plan: return try await service.plans(host: nil).map(\.id)
        case .claim: return try await service.claims(API.ClaimQuery()).map(\.id)
        }
    }

    private static func devices(of kind: DeviceKind, _ service: any PatchbayService) async throws(Problem) -> [String] {
        try await service.devices(API.DeviceQuery(kind: kind)).filter { !$0.isBridge }.map(\.shortID)
    }
}
