import PatchbayCore

/// An inventory cut up for the store: its head, and its pieces by name.
///
/// Where a list is cut depends on the keys of its elements only, not on where they stand in it: a device that comes or
/// goes changes the piece it is in and no other. A piece is named by its contents, so what has not changed is not
/// written again, and no reader can take pieces of two inventories for one.
struct InventoryPieces: Sendable {
    var head: InventoryHead
    /// What is not stored yet, by the name of the piece.
    private(set) var new: [String: (part: InventoryPart, bytes: [UInt8])] = [:]
    private let names: [InventoryPart: String]

    /// Elements in one piece at most; half as many on average.
    static let elements = 256
    /// Bytes of one piece at most, as long as it holds more than one element: half of what the store takes.
    static let bytesAtMost = 512 << 10

    /// - Parameter known: the pieces that are stored.
    ///
    /// Throws `.storeFailed` when something in it cannot be written as JSON.
    init(_ inventory: Inventory, known: [String: InventoryPart] = [:]) throws(Problem) {
        head = InventoryHead(rest: inventory.withoutLists, parts: [])
        names = Dictionary(known.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        try add(inventory.functions, by: \.address.description, as: InventoryPart.functions)
        try add(inventory.groups, by: \.id.description, as: InventoryPart.groups)
        try add(
            inventory.hostUses.sorted { $0.key < $1.key }.map { .init(device: $0.key, uses: $0.value) },
            by: \.device.description, as: InventoryPart.uses)
        try add(inventory.usb, by: \.address.description, as: InventoryPart.usb)
        guard let survey = inventory.survey else { return }
        try add(survey.mediatedParents, by: \.address.description, as: InventoryPart.mediatedParents)
        try add(survey.mediatedDevices, by: \.uuid, as: InventoryPart.mediatedDevices)
        try add(
            survey.holders.sorted { $0.key < $1.key }.map { .init(device: $0.key, holders: $0.value) },
            by: \.device.description, as: InventoryPart.holders)
    }

    private mutating func add<Element>(
        _ list: [Element], by key: (Element) -> String, as part: ([Element]) -> InventoryPart
    ) throws(Problem) {
        var piece: [Element] = []
        for element in list {
            piece.append(element)
            guard piece.count == Self.elements || Self.ends(behind: key(element)) else { continue }
            try add(part(piece))
            piece = []
        }
        if !piece.isEmpty { try add(part(piece)) }
    }

    /// True for one key in 128, always the same ones.
    private static func ends(behind key: String) -> Bool { FNV1a(key).value % 128 == 0 }

    private mutating func add(_ part: InventoryPart) throws(Problem) {
        if let name = names[part] { return head.parts.append(name) }
        let written = try Versioned.bytes(part)
        if written.count > Self.bytesAtMost, let halves = part.halves {
            for half in halves { try add(half) }
            return
        }
        let name = "\(part.kind)/\(FNV1a(written).value.hex(16))"
        head.parts.append(name)
        new[name] = (part, written)
    }
}
