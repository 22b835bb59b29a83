import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `--watch`
struct WatchOption: ParsableArguments {
    @Flag(
        name: [.customShort("w"), .long],
        help:
            "Keep running: redraw on every change or, when output is not a terminal, print one line (or record) for each row that changed."
    )
    var watch = false

    /// Shows what `look` finds, and with `--watch` again whenever something changes.
    ///
    /// - Parameters:
    ///   - draw: shows all of it.
    ///   - tell: shows what has changed since the last time.
    func show<Value>(
        _ source: any InventoryService, _ out: Output, look: () async throws(Problem) -> Value,
        draw: (Value) async throws -> Void, tell: (Value) throws -> Void
    ) async throws {
        guard watch else { return try await draw(try await look()) }
        guard let service = source as? any PatchbayService else {
            throw Problem(
                .usage, "--watch needs a server: what --root names is read once.", next: ["Omit --watch."])
        }
        try await Refresh(service: service).run {
            let value = try await look()
            guard out.isForPeople, out.style.isTerminal else { return try tell(value) }
            out.clearScreen()
            try await draw(value)
        }
    }

    /// The same for a list.
    func list<Row: Encodable & Sendable>(
        _ source: any InventoryService, _ out: Output, _ listing: (_ now: Int) -> Listing<Row>, options: ListOptions,
        narrowing: Narrowing = Narrowing(), limit: Int? = nil, _ look: () async throws(Problem) -> [Row]
    ) async throws {
        var changes = RowChanges<Row>(limit: limit)
        try await show(source, out, look: look) { rows in
            try out.list(rows, listing(out.now), options: options, narrowing: narrowing, limit: limit)
        } tell: { rows in
            try changes.tell(rows, listing(out.now), options: options, narrowing: narrowing, out)
        }
    }
}
