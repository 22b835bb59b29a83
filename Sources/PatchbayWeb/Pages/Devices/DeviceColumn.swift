import PatchbayAPI
import PatchbayCore
import PatchbayDisplay

/// A device as lists show it.
struct ListedDevice: Sendable {
    let device: API.Device
    /// What only the survey of its host tells of a USB device.
    let usb: API.USBDevice?

    /// Where a plain word is looked for.
    var texts: [String] {
        let own = [device.id, device.shortID, device.name, "\(device.vendorID):\(device.deviceID)"]
        return own + [device.className, device.driver, device.holder, usb?.serial].compactMap(\.self) + device.pools
            + device.nodes
    }
}

/// A column of a list of devices: what its heading and its cells say, and how it sorts.
struct DeviceColumn: Sendable {
    /// What the address of the page says.
    let id: String
    let title: String
    /// What the heading says to somebody who cannot see the arrow.
    let hint: String
    let cell: @Sendable (ListedDevice) -> Cell
    /// nil: the service sorts by it.
    let key: (@Sendable (ListedDevice) -> SortKey)?

    struct Cell: Sendable, Hashable {
        var css = ""
        var text = ""
        /// Said smaller behind it.
        var note = ""
        var href = ""
        var title = ""
        var isAddress = false
        var mark: StateMark?
        /// For screens on which the column of the state is out of sight.
        var glyph: StateMark?
    }

    /// What is absent comes last; numbers are compared as numbers.
    struct SortKey: Comparable {
        let number: Int
        let text: String

        init(_ text: String?) { (self.number, self.text) = (text?.isEmpty ?? true ? 1 : 0, (text ?? "").lowercased()) }
        init(_ number: Int?) { (self.number, self.text) = (number ?? .max, "") }

        static func < (a: SortKey, b: SortKey) -> Bool { (a.number, a.text) < (b.number, b.text) }
    }

    private init(
        _ id: String, _ title: String, hint: String? = nil, key: (@Sendable (ListedDevice) -> SortKey)? = nil,
        _ cell: @escaping @Sendable (ListedDevice) -> Cell
    ) {
        self.id = id
        self.title = title
        self.hint = hint ?? "Sort by \(title.lowercased())"
        self.key = key
        self.cell = { listed in
            var cell = cell(listed)
            cell.css = "col-\(id)" + (cell.isAddress && cell.href.isEmpty ? " address" : "")
            return cell
        }
    }

    static let ofPCI = [
        address("Device"),
        DeviceColumn("name", "Name") { Cell(text: $0.device.briefName, title: $0.device.name) },
        DeviceColumn("group", "Group", hint: "Sort by IOMMU group") {
            Cell(text: $0.device.groupText)
        },
        DeviceColumn("numa", "NUMA") { Cell(text: $0.device.numaText) },
        DeviceColumn("driver", "Driver") { Cell(text: $0.device.driver ?? "none") },
        state,
        DeviceColumn("for", "For", key: { SortKey(DeviceRow($0.device).use) }) { listed in
            let row = DeviceRow(listed.device)
            return Cell(text: row.use, href: row.useLink ?? "", title: row.reason)
        },
        host,
    ]

    static let ofUSB = [
        address("Port"),
        DeviceColumn("vendor", "Vendor", key: { SortKey($0.device.vendorName ?? $0.device.vendorID) }) {
            Cell(text: $0.device.vendorName ?? "", note: $0.device.vendorID)
        },
        DeviceColumn("product", "Product", key: { SortKey($0.device.deviceName ?? $0.device.deviceID) }) {
            Cell(text: $0.device.deviceName ?? "", note: $0.device.deviceID, title: $0.device.name)
        },
        DeviceColumn("serial", "Serial", key: { SortKey($0.usb?.serial) }) { listed in
            guard let serial = listed.usb?.serial else {
                return Cell(
                    text: "–",
                    title: "It is recognised by its port.")
            }
            let isUnique = listed.usb?.isSerialUnique ?? true
            return Cell(text: serial, note: isUnique ? "" : "not unique", isAddress: true)
        },
        DeviceColumn("class", "Class", key: { SortKey($0.device.className ?? $0.device.classCode) }) {
            Cell(text: $0.device.className ?? "class \($0.device.classCode)", title: $0.device.classCode)
        },
        DeviceColumn("speed", "Speed", key: { SortKey($0.usb?.speedKbps) }) {
            Cell(text: $0.usb?.speedKbps.map(USBStory.speed) ?? "–")
        },
        DeviceColumn("controller", "Controller", key: { SortKey($0.device.parent) }) { listed in
            guard let controller = listed.device.parent else { return Cell(text: "–") }
            let name = DeviceName("\(listed.device.host)/\(controller)")
            return Cell(text: name.address, href: name.href, isAddress: true)
        },
        DeviceColumn("driver", "Drivers") {
            Cell(text: $0.device.driver?.replacing(",", with: ", ") ?? "none")
        },
        DeviceColumn("pool", "Pool", key: { SortKey($0.device.pools.first) }) { listed in
            guard let pool = listed.device.pools.first else { return Cell(text: "–", title: "No VM can get it.") }
            return Cell(text: listed.device.pools.joined(separator: ", "), href: Link.pool(pool))
        },
        state,
        DeviceColumn("for", "For", key: { SortKey(purpose($0.device)) }) { listed in
            let device = listed.device
            return Cell(text: purpose(device), href: device.vm.map(Link.vm) ?? "", title: device.reason)
        },
        host,
    ]

    private static func address(_ title: String) -> DeviceColumn {
        DeviceColumn("device", title) { listed in
            let device = listed.device
            return Cell(
                text: device.shortAddress, href: Link.device(device), isAddress: true, glyph: StateMark(device.state))
        }
    }

    private static let state = DeviceColumn("state", "State") {
        Cell(title: $0.device.reason, mark: StateMark($0.device.state))
    }

    private static let host = DeviceColumn("host", "Host") {
        Cell(text: $0.device.host, href: Link.host($0.device.host))
    }

    /// Who has it, or why nobody can.
    private static func purpose(_ device: API.Device) -> String {
        if let holder = device.vm ?? device.holder { return holder }
        return switch device.state {
        case .free, .allocated, .attached: device.nodes.joined(separator: " ")
        case .host, .blocked, .missing, .quarantined: device.reason
        }
    }
}

/// The head of a column: a link that sorts by it, and the other way round the second time.
struct ColumnHead: Sendable, Hashable {
    let title: String
    let href: String
    let arrow: String
    /// For `aria-sort`.
    let order: String
    let hint: String
    let css: String

    init(_ column: DeviceColumn, in query: DeviceListPage.Query) {
        let isUp = query.sort == column.id
        let isDown = query.sort == "-\(column.id)"
        self.title = column.title
        self.href = query.link(sort: isUp ? "-\(column.id)" : column.id)
        self.arrow = isUp ? "↑" : isDown ? "↓" : ""
        self.order = isUp ? "ascending" : isDown ? "descending" : "none"
        self.hint = column.hint
        self.css = "col-\(column.id)"
    }
}
