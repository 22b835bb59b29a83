/// What goes around every page: navigation, the live light, the theme, a message from the last change.
struct Layout: Sendable, Hashable {
    let title: String
    /// `light`, `dark`, `auto`
    let theme: String
    let themeNext: String
    let content: String
    let nav: [NavItem]
    let notice: String
    let hasNotice: Bool
    let isLoggedIn: Bool
    let visitorName: String
    let canLogOut: Bool
    let formToken: String
    let here: String
    /// When the page was made, so that times on it can go on.
    let now: Int
    /// The last event before that.
    let newest: Int?

    struct NavItem: Sendable, Hashable {
        let label: String
        let path: String
        let isCurrent: Bool
    }

    init(_ page: Page, content: String, visit: Visit) {
        self.title = page.title
        self.theme = visit.theme.rawValue
        self.themeNext = visit.theme.next.rawValue
        self.content = content
        self.nav =
            visit.visitor == nil
            ? []
            : Page.Section.allCases.filter { $0 != .none }.map {
                NavItem(label: $0.label, path: $0.path, isCurrent: $0 == page.section)
            }
        self.notice = visit.notice ?? ""
        self.hasNotice = !(visit.notice ?? "").isEmpty
        self.isLoggedIn = visit.visitor != nil
        self.visitorName = visit.visitor?.name ?? ""
        self.canLogOut = visit.visitor?.canLogOut ?? false
        self.formToken = visit.visitor?.formToken ?? ""
        self.here = visit.address
        self.now = visit.now
        self.newest = visit.newest
    }
}

/// The colours a person chose; `auto` follows the system.
enum Theme: String, Sendable, CaseIterable {
    case auto, light, dark

    var next: Theme {
        switch self {
        case .auto: .dark
        case .dark: .light
        case .light: .auto
        }
    }
}
