import PatchbayAPI
import PatchbayCore

/// Every device of every host: what have we got, what is free.
struct DeviceListPage: Sendable, Hashable {
    /// Rows a page; longer lists are paged, so that ten thousand devices stay usable.
    static let pageLength = 250

    let filter: String
    let sort: String
    let host: String
    let columns: [ColumnHead]
    let rows: [DeviceRow]
    let hasRows: Bool
    let shown: String
    let counts: [StateCount]
    let problem: ProblemNote?
    let alerts: [FindingNote]
    let isEmpty: Bool
    let isWithoutMatch: Bool
    let earlier: Anchor?
    let later: Anchor?

    /// What the address of the page says.
    struct Query: Sendable, Hashable {
        var filter = ""
        var sort = ""
        var host = ""
        var page = 0

        func link(sort: String? = nil, page: Int = 0) -> String {
            var fields = FormFields()
            for (name, value) in [("filter", filter), ("host", host), ("sort", sort ?? self.sort)] where !value.isEmpty
            {
                fields.fields.append(.init(name: name, value: value))
            }
            if page > 0 { fields.fields.append(.init(name: "page", value: String(page))) }
            return fields.fields.isEmpty ? "/devices" : "/devices?\(fields.encoded)"
        }
    }

    /// - Parameters:
    ///   - devices: those that match, sorted.
    ///   - total: how many there are without a filter.
    init(
        _ query: Query, devices: [API.Device], total: Int, alerts: [API.Finding] = [], problem: Problem? = nil
    ) {
        self.filter = query.filter
        self.sort = query.sort
        self.host = query.host
        self.columns = DeviceColumn.allCases.map { ColumnHead($0, in: query) }
        let start = min(query.page * Self.pageLength, devices.count)
        let slice = devices[start..<min(start + Self.pageLength, devices.count)]
        self.rows = DeviceRow.rows(of: Array(slice), marksGroups: query.sort.hasSuffix("group"))
        self.hasRows = !rows.isEmpty
        let which =
            slice.count < devices.count ? "\(start + 1)–\(start + slice.count) of \(devices.count)" : "\(devices.count)"
        self.shown =
            devices.count == total ? "\(which) device\(total == 1 ? "" : "s")" : "\(which) of \(total) devices"
        self.counts = StateCount.counts(of: devices, filter: query.filter)
        self.problem = problem.map(ProblemNote.init)
        self.alerts = alerts.filter { $0.severity == .problem }.map(FindingNote.init)
        self.isEmpty = total == 0
        self.isWithoutMatch = total > 0 && devices.isEmpty && problem == nil
        self.earlier = start > 0 ? Anchor(text: "Earlier", href: query.link(page: query.page - 1)) : nil
        self.later =
            start + slice.count < devices.count ? Anchor(text: "Later", href: query.link(page: query.page + 1)) : nil
    }
}

/// The columns of a device list, in order. The raw value is what the address says.
enum DeviceColumn: String, Sendable, CaseIterable {
    case device, name, group, numa, driver, state, use = "for", host

    var title: String {
        switch self {
        case .device: "Device"
        case .name: "Name"
        case .group: "Group"
        case .numa: "NUMA"
        case .driver: "Driver"
        case .state: "State"
        case .use: "For"
        case .host: "Host"
        }
    }

    /// What the heading says to somebody who cannot see the arrow.
    var hint: String {
        self == .group ? "Sort by IOMMU group: group mates sit together" : "Sort by \(title.lowercased())"
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
        let isUp = query.sort == column.rawValue
        let isDown = query.sort == "-\(column.rawValue)"
        self.title = column.title
        self.href = query.link(sort: isUp ? "-\(column.rawValue)" : column.rawValue)
        self.arrow = isUp ? "↑" : isDown ? "↓" : ""
        self.order = isUp ? "ascending" : isDown ? "descending" : "none"
        self.hint = column.hint
        self.css = "col-\(column.rawValue)"
    }
}

/// A device in a list.
struct DeviceRow: Sendable, Hashable {
    let id: String
    let device: String
    let href: String
    let address: String
    let name: String
    let fullName: String
    let group: String
    let numa: String
    let driver: String
    let mark: StateMark
    let reason: String
    let use: String
    let useLink: String?
    let host: String
    let hostLink: String
    /// The first of its IOMMU group, when the list is sorted by it.
    let startsGroup: Bool
    let canSelect: Bool

    init(_ device: API.Device, startsGroup: Bool = false) {
        self.id = "row-\(device.elementID)"
        self.device = device.id
        self.href = Link.device(device)
        self.address = device.shortAddress
        self.name = device.briefName
        self.fullName = device.name
        self.group = device.groupText
        self.numa = device.numaText
        self.driver = device.driver ?? "none"
        self.mark = StateMark(device.state)
        self.reason = device.reason
        self.host = device.host
        self.hostLink = Link.host(device.host)
        self.startsGroup = startsGroup
        self.canSelect = !device.isBridge
        if let vm = device.vm {
            (self.use, self.useLink) = (vm, Link.vm(vm))
        } else if let pool = device.pools.first, device.state == .free {
            (self.use, self.useLink) = ("pool \(device.pools.joined(separator: ", "))", Link.pool(pool))
        } else {
            (self.use, self.useLink) = (device.state == .free ? "no pool" : device.reason, nil)
        }
    }

    /// `marksGroups`: a line above each new IOMMU group shows which devices belong together.
    static func rows(of devices: [API.Device], marksGroups: Bool) -> [DeviceRow] {
        var before: String?
        return devices.map { device in
            let group = "\(device.host)/\(device.groupText)"
            defer { before = group }
            return DeviceRow(device, startsGroup: marksGroups && before != nil && before != group)
        }
    }
}
