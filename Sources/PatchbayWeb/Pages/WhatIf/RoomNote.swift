import PatchbayAPI
import PatchbayCore
import PatchbayText

/// How many VMs of a kind fit, where, what the next one lacks, and the largest that fits.
struct RoomNote: Sendable, Hashable {
    /// Hosts that are named.
    static let mostHosts = 12

    let title: String
    let glyph: String
    let css: String
    let headline: String
    let hosts: [Share]
    let moreHosts: String
    let more: String
    let reason: String
    let fixes: [FixLine]
    let hasFixes: Bool
    let largest: Largest?

    struct Share: Sendable, Hashable {
        let host: Anchor
        let guests: String
    }

    struct Largest: Sendable, Hashable {
        let words: String
        let host: Anchor
        let devices: [GrantedDevice]
        let seat: SeatCard?
        let hasMore: Bool
    }

    init(_ room: API.Room, of guest: API.GuestShape?, fixes: [FixLine]) {
        self.title = "Room for \(Self.kind(of: guest))"
        let isEnough = room.wanted > 0 ? room.placed == room.wanted : room.more > 0
        self.glyph = isEnough ? "✓" : "✕"
        self.css = isEnough ? "good" : "bad"
        let more = Turn.grouped(room.more) + (room.isMore ? " or more" : "")
        self.headline =
            room.wanted > 0
            ? "\(Turn.grouped(room.placed)) of \(Turn.grouped(room.wanted)) fit"
            : room.more == 0 ? "None fits" : "\(more) \(room.more == 1 ? "fits" : "fit")"
        self.hosts = room.hosts.prefix(Self.mostHosts).map {
            Share(host: Anchor(text: $0.host, href: Link.host($0.host)), guests: Turn.grouped($0.guests))
        }
        let rest = room.hosts.count - hosts.count
        self.moreHosts = rest > 0 ? "and \(rest) more host\(rest == 1 ? "" : "s")" : ""
        self.more =
            room.wanted > 0 && isEnough
            ? room.more == 0
                ? "No more fit after these."
                : "\(more) more \(room.more == 1 ? "fits" : "fit") after them."
            : ""
        self.reason = room.reason?.sentence ?? ""
        self.fixes = fixes
        self.hasFixes = !fixes.isEmpty
        self.largest = room.largest.map(Self.largest)
    }

    private static func largest(_ guest: API.LargestGuest) -> Largest {
        let parts = [
            guest.count.map { "\($0) × \(guest.pool ?? "")" }, guest.vcpus.map(vcpus),
            guest.memoryMiB.map(SizeWords.mebibytes),
        ].compactMap(\.self)
        let devices = guest.devices.map(GrantedDevice.init)
        return Largest(
            words: parts.joined(separator: ", "), host: Anchor(text: guest.host, href: Link.host(guest.host)),
            devices: devices, seat: guest.seat.map(SeatCard.init), hasMore: !devices.isEmpty || guest.seat != nil)
    }

    /// `VMs of 8 vCPUs, 32 GiB, 2 × gpus`
    private static func kind(of guest: API.GuestShape?) -> String {
        guard let guest else { return "VMs" }
        let sizes = [
            guest.profile.map { "profile \($0)" }, guest.vcpus.map(vcpus), guest.memoryMiB.map(SizeWords.mebibytes),
            guest.pin.map { "pinned as \($0.rawValue)" }, guest.hugepages.map { "pages of \($0)" },
        ].compactMap(\.self)
        let requests = (guest.requests ?? []).map { request in
            request.pool.map { "\(request.count ?? 1) × \($0)" } ?? DeviceName(request.device ?? "").short
        }
        return "\(sizes.isEmpty ? "claims" : "VMs") of \((sizes + requests).joined(separator: ", "))"
    }

    private static func vcpus(_ count: Int) -> String { "\(count) vCPU\(count == 1 ? "" : "s")" }
}
