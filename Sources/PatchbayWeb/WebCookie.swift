import HTTPTypes
import Hummingbird
import NIOCore
import PatchbayCore

/// The cookies of the pages themselves; the session's is the guard's.
enum WebCookie {
    static let theme = "patchbay-theme"
    static let notice = "patchbay-notice"

    static func theme(_ theme: Theme) -> String {
        "\(Self.theme)=\(theme.rawValue); Path=/; Max-Age=31536000; SameSite=Lax"
    }

    /// A message for the next page only.
    static func notice(_ text: String) -> String {
        "\(notice)=\(Percent.encode(String(text.prefix(600)))); Path=/; Max-Age=60; HttpOnly; SameSite=Strict"
    }

    static let noNotice = "\(notice)=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"
}
