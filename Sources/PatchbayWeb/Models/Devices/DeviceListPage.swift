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
