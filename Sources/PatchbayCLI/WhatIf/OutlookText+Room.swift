import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

/// How many VMs of a kind fit, and what each pool has to give: numbers as they are, and with an arrow as they would be.
extension OutlookText {
    func room(_ room: API.Room) -> String {
        var text = heading("Room for \(shape)")
        if room.wanted > 0 {
            let places = room.hosts.map { $0.guests == 1 ? $0.host : "\($0.host) \($0.guests)" }
            let all = places.count > 8 ? places.prefix(8) + ["and \(places.count - 8) more hosts"] : places[...]
            text += indented(
                "\(CountWords.grouped(room.placed)) of \(CountWords.grouped(room.wanted)) fit"
                    + (all.isEmpty ? "." : ": \(all.joined(separator: ", "))."), 2)
        }
        if room.placed == room.wanted {
            let more = CountWords.grouped(room.more) + (room.isMore ? " or more" : "")
            text += indented("\(more) \(room.wanted > 0 ? "more " : "")\(room.more == 1 ? "fits" : "fit").", 2)
        }
        if let reason = room.reason { text += indented("The next one does not fit: \(reason.sentence)", 2) }
        for fix in room.fixes { text += indented("helps: \(fix.line)", 4, .dim) }
        if let largest = room.largest { text += indented("The largest that fits: \(words(largest)).", 2) }
        return text
    }

    /// `VMs of 8 vCPUs, 32 GiB and 2 × gpus`
    private var shape: String {
        guard let guest = question.guest else { return "VMs" }
        let parts =
            [
                guest.profile.map { "profile \($0)" }, guest.vcpus.map { CountWords.count($0, "vCPU") },
                guest.memoryMiB.map(SizeWords.mebibytes), guest.pin.map { "pinned as \($0.rawValue)" },
                guest.hugepages.map { "pages of \($0)" },
            ].compactMap(\.self) + (guest.requests ?? []).map(\.asked)
        let kind = guest.profile == nil && guest.vcpus == nil && guest.memoryMiB == nil ? "claims" : "VMs"
        return parts.isEmpty ? kind : "\(kind) of \(parts.joined(separator: ", "))"
    }

    private func words(_ largest: API.LargestGuest) -> String {
        let parts = [
            largest.count.map { "\($0) × \(largest.pool ?? "")" }, largest.vcpus.map { CountWords.count($0, "vCPU") },
            largest.memoryMiB.map(SizeWords.mebibytes),
        ].compactMap(\.self)
        return "\(parts.joined(separator: ", ")) on \(largest.host)"
    }
}

extension OutlookText {
    var pools: String { outlook.pools.map(pool).joined(separator: "\n") }

    private func pool(_ pool: API.PoolOutlook) -> String {
        guard let shown = pool.then ?? pool.now else { return "" }
        guard let then = pool.then else { return heading("Pool \(pool.name)") + indented("would no longer exist.", 2) }
        let free = turn(pool) { $0.free }
        var text = heading("Pool \(pool.name)   \(free) free of \(turn(pool) { $0.lendable })")
        if pool.now == nil { text += indented("would be new.", 2) }
        text += spread(then)
        guard shown.lendable > 0 else { return text }
        let sizes = Set((pool.now?.sizes ?? []).map(\.size) + then.sizes.map(\.size)).sorted()
        let columns = ["SIZE", "FIT", "ONE NODE", "ONE SWITCH", "IF EMPTY", "LEFT OVER"]
        let rows = sizes.map { size -> [Cell] in
            func fit(_ number: (API.PoolCapacity.SizeFit) -> Int) -> Cell {
                Cell(turn(pool) { capacity in capacity.sizes.first { $0.size == size }.map(number) ?? 0 })
            }
            return [
                Cell(size), fit { $0.fit }, fit { $0.onOneNode }, fit { $0.onOneSwitch }, fit { $0.whenEmpty },
                fit { $0.stranded },
            ]
        }
        let table = Table(
            headings: columns.map { Table.Heading(title: $0, isRightAligned: true, shrinks: false) }, rows: rows,
            marks: [])
        return text + table.render(style).split(separator: "\n").map { "  \($0)\n" }.joined()
    }

    /// `12`, or `12 → 8` where it would be another number.
    private func turn(_ pool: API.PoolOutlook, _ number: (API.PoolCapacity) -> Int) -> String {
        let (now, then) = (pool.now.map(number), pool.then.map(number))
        guard let now, let then, now != then else { return CountWords.grouped(then ?? now ?? 0) }
        return "\(CountWords.grouped(now)) → \(CountWords.grouped(then))"
    }

    /// A bar for the hosts that have the same number of free devices.
    private func spread(_ capacity: API.PoolCapacity) -> String {
        let most = capacity.hosts.map(\.hosts).max() ?? 0
        guard most > 0 else { return "" }
        return capacity.hosts.sorted { $0.free > $1.free }.map { entry in
            let length = max(1, entry.hosts * 24 / most)
            let bar = String(repeating: style.isUTF8 ? "▇" : "#", count: length)
            let hosts = CountWords.grouped(entry.hosts) + (entry.hosts == 1 ? " host" : " hosts")
            return "  \(CountWords.grouped(entry.free).padded(onLeftTo: 5)) free  "
                + style.paint(bar, entry.free == 0 ? .dim : .green) + " \(hosts)\n"
        }.joined()
    }
}
