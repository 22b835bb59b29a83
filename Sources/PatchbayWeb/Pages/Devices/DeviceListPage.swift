import PatchbayAPI
import PatchbayCore

/// Every device of a kind on every host: what have we got, what is free.
struct DeviceListPage: Sendable, Hashable {
    let tabs: [Tab]
    /// Empty: PCI, which is meant where nothing is said.
    let kind: String
    let filter: String
    let example: String
    let sort: String
    let host: String
    let columns: [ColumnHead]
    let rows: [Row]
    let hasRows: Bool
    /// Devices that are selected and not among the rows.
    let elsewhere: [String]
    let hasActions: Bool
    let shown: String
    let counts: [StateCount]
    let problem: ProblemNote?
    let alerts: [FindingNote]
    let isEmpty: Bool
    let isWithoutMatch: Bool
    /// Where there is a match, if not here.
    let matchesElsewhere: [Anchor]
    let allHref: String
    let earlier: String
    let later: String

    /// A kind of device, with how many match.
    struct Tab: Sendable, Hashable {
        let kind: DeviceKind
        let label: String
        let href: String
        /// Empty: it cannot be told.
        let count: String
        let isCurrent: Bool

        init(_ kind: DeviceKind, in query: Query, count: Int?) {
            self.kind = kind
            self.label = kind.label
            self.href = query.of(kind).link(sort: query.of(kind).sort)
            self.count = count.map(String.init) ?? ""
            self.isCurrent = kind == query.kind
        }
    }

    struct Row: Sendable, Hashable {
        let id: String
        let device: String
        /// The first of its IOMMU group, when the list is sorted by it.
        let startsGroup: Bool
        let canSelect: Bool
        let isSelected: Bool
        let cells: [DeviceColumn.Cell]
    }

    /// What the address of the page says.
    struct Query: Sendable, Hashable {
        var kind = DeviceKind.pci
        var filter = ""
        var sort = ""
        var host = ""
        var page = 0
        /// Devices with a tick, which stay when the list becomes another.
        var selected: [String] = []

        func link(sort: String? = nil, page: Int = 0) -> String {
            var pairs = kind == .pci ? [] : [("kind", kind.rawValue)]
            pairs += [("filter", filter), ("host", host), ("sort", sort ?? self.sort)]
            if page > 0 { pairs.append(("page", String(page))) }
            pairs += selected.map { ("device", $0) }
            let fields = FormFields(pairs.filter { !$0.1.isEmpty }.map { .init(name: $0.0, value: $0.1) })
            return fields.fields.isEmpty ? "/devices" : "/devices?\(fields.encoded)"
        }

        /// The same question about another kind, as far as it makes sense there. Ticks are of one kind.
        func of(_ other: DeviceKind) -> Query {
            guard other != kind else { return self }
            let column = sort.hasPrefix("-") ? String(sort.dropFirst()) : sort
            let sorts = other.columns.contains { $0.id == column }
            return Query(
                kind: other, filter: DeviceSearch(filter).kept(for: other), sort: sorts ? sort : "", host: host)
        }
    }

    /// - Parameters:
    ///   - devices: those that match, sorted.
    ///   - total: how many there are without a filter.
    ///   - counts: how many of other kinds match the same.
    init(
        _ query: Query, devices: [ListedDevice], total: Int, counts others: [DeviceKind: Int] = [:],
        alerts: [API.Finding] = [], problem: Problem? = nil
    ) {
        self.tabs = DeviceKind.allCases.map { kind in
            Tab(kind, in: query, count: kind == query.kind ? (problem == nil ? devices.count : nil) : others[kind])
        }
        self.kind = query.kind == .pci ? "" : query.kind.rawValue
        self.filter = query.filter
        self.example = query.kind.searchExample
        self.sort = query.sort
        self.host = query.host
        self.columns = query.kind.columns.map { ColumnHead($0, in: query) }
        let slice = ListSlice(devices, page: query.page)
        self.rows = Self.rows(of: slice.rows, in: query)
        self.hasRows = !rows.isEmpty
        let here = Set(rows.map(\.device))
        self.elsewhere = query.selected.filter { !here.contains($0) }
        self.hasActions = hasRows || !elsewhere.isEmpty
        self.shown =
            devices.count == total
            ? "\(slice.which) device\(total == 1 ? "" : "s")" : "\(slice.which) of \(total) devices"
        self.counts = StateCount.counts(of: devices.map(\.device), filter: query.filter, kind: query.kind)
        self.problem = problem.map(ProblemNote.init)
        self.alerts = alerts.filter { $0.severity == .problem }.map(FindingNote.init)
        self.isEmpty = total == 0 && problem == nil
        self.isWithoutMatch = total > 0 && devices.isEmpty && problem == nil
        self.matchesElsewhere =
            !query.filter.isEmpty && devices.isEmpty
            ? tabs.filter { !$0.isCurrent && $0.count != "0" && !$0.count.isEmpty }.map {
                Anchor(text: "\($0.count) \($0.label) device\($0.count == "1" ? "" : "s")", href: $0.href)
            } : []
        self.allHref = Query(kind: query.kind, selected: query.selected).link()
        self.earlier = slice.earlier.map(String.init) ?? ""
        self.later = slice.later.map(String.init) ?? ""
    }

    private static func rows(of devices: [ListedDevice], in query: Query) -> [Row] {
        let selected = Set(query.selected)
        let marksGroups = query.sort.hasSuffix("group")
        var before: String?
        return devices.map { listed in
            let device = listed.device
            let group = "\(device.host)/\(device.groupText)"
            defer { before = group }
            return Row(
                id: "row-\(device.elementID)", device: device.id,
                startsGroup: marksGroups && before != nil && before != group, canSelect: !device.isBridge,
                isSelected: selected.contains(device.id), cells: query.kind.columns.map { $0.cell(listed) })
        }
    }
}
