import PatchbayCore

/// What is left of an inventory when its long lists have gone into pieces, and the names of the pieces.
///
/// The value under `inventories/H`. It is written with every change of any piece, so it stands for the whole: conditions
/// and ETags ask when it was last changed. A reader has the inventory when it has the head and every piece it names.
struct InventoryHead: Codable, Hashable, Sendable {
    /// Everything but the long lists.
    var rest: Inventory
    /// In the order in which the pieces are put together.
    var parts: [String]
}

extension InventoryHead {
    /// Puts the inventory together; nil: a piece is not here yet.
    func whole(with parts: [String: InventoryPart]) -> Inventory? {
        var whole = rest
        for name in self.parts {
            guard let part = parts[name] else { return nil }
            whole.add(part)
        }
        return whole.inOrder
    }
}

extension Inventory {
    /// Without the lists that grow with the machine.
    var withoutLists: Inventory {
        var rest = self
        rest.functions = []
        rest.groups = []
        rest.hostUses = [:]
        rest.usb = []
        rest.survey?.mediatedParents = []
        rest.survey?.mediatedDevices = []
        rest.survey?.holders = [:]
        return rest
    }

    fileprivate mutating func add(_ part: InventoryPart) {
        switch part {
        case .functions(let list): functions += list
        case .groups(let list): groups += list
        case .uses(let list): for entry in list { hostUses[entry.device] = entry.uses }
        case .usb(let list): usb += list
        case .mediatedParents(let list): survey?.mediatedParents += list
        case .mediatedDevices(let list): survey?.mediatedDevices += list
        case .holders(let list): for entry in list { survey?.holders[entry.device] = entry.holders }
        }
    }
}
