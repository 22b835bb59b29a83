import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

@testable import PatchbayWeb

extension Browser {
    /// Serves a demo world, opens a browser, and wants no complaint in its console.
    ///
    /// - Parameter refuses: the service does, which the console tells, too.
    static func visit(
        _ service: DemoService, width: Int = 1200, height: Int = 760, refuses: Bool = false,
        _ test: @escaping @Sendable (Browser, String) async throws -> Void
    ) async throws {
        try await DemoApp.app(service).test(.live) { client in
            let address = "http://127.0.0.1:\(client.port ?? 0)"
            try await Browser.open(width: width, height: height) { browser in
                try await test(browser, address)
                let complaints = await browser.complaints
                #expect(complaints.isEmpty || refuses, "\(complaints)")
            }
        }
    }

    /// For people who look: with `PATCHBAY_SCREENSHOTS` naming a folder, every page is kept there.
    func keepPicture(_ name: String) async throws {
        guard let folder = ProcessInfo.processInfo.environment["PATCHBAY_SCREENSHOTS"] else { return }
        let file = name.map { $0.isLetter || $0.isNumber ? $0 : "-" }
        try await picture().write(to: URL(fileURLWithPath: folder).appendingPathComponent(String(file) + ".png"))
    }
}
