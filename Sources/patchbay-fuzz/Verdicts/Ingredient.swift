/// One thing that a host is made of: a use that is planted on a device, or a device on which nothing is.
struct Ingredient {
    var kind: Kind
    /// All that is left to chance in it; so it stays the same when others are left out.
    var dice: Dice

    enum Kind: Hashable {
        case mount(MountUse)
        case storage(StorageUse)
        case risk(StorageRisk)
        case boot(BootUse)
        case route(RouteUse)
        case holder(HolderUse)
        case board(BoardUse)
        case usb(USBUse)
        /// Nothing is planted on it.
        case spare(Spare)

        static let all =
            MountUse.allCases.map(Kind.mount) + StorageUse.allCases.map(Kind.storage)
            + StorageRisk.allCases.map(Kind.risk) + BootUse.allCases.map(Kind.boot)
            + RouteUse.allCases.map(Kind.route) + HolderUse.allCases.map(Kind.holder)
            + BoardUse.allCases.map(Kind.board) + USBUse.allCases.map(Kind.usb) + spares
        static let spares = Spare.allCases.map(Kind.spare)

        /// `used: swap partition`, `free: GPU`.
        var name: String {
            switch self {
            case .mount(let use): "used: \(use.rawValue)"
            case .storage(let use): "used: \(use.rawValue)"
            case .risk(let risk): "at risk: \(risk.rawValue)"
            case .boot(let use): "used: \(use.rawValue)"
            case .route(let use): "used: \(use.rawValue)"
            case .holder(let use): "used: \(use.rawValue)"
            case .board(let use): "used: \(use.rawValue)"
            case .usb(let use): "used: \(use.rawValue)"
            case .spare(let spare): "free: \(spare.rawValue)"
            }
        }
    }
}

extension PlantedHost {
    mutating func add(_ kind: Ingredient.Kind) {
        switch kind {
        case .mount(let use): plant(use)
        case .storage(let use): plant(use)
        case .risk(let risk): plant(risk)
        case .boot(let use): plant(use)
        case .route(let use): plant(use)
        case .holder(let use): plant(use)
        case .board(let use): plant(use)
        case .usb(let use): plant(use)
        case .spare(let spare): add(spare)
        }
    }
}
