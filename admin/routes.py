"""Everything under /admin, as one router: one guard, one way to show errors, nothing in the public description."""

from typing import Any

from litestar import Response, Router, get
from litestar.di import Provide
from litestar.exceptions import HTTPException

from admin.pages import (
    account,
    code,
    erasure,
    home,
    imports,
    improvements,
    indicators,
    journal,
    links,
    password,
    placements,
    problems,
    procedures,
    remarks,
    reviews,
    second_look,
    services,
    sign_in,
    suspects,
    two_steps,
    user,
    users,
    views,
)
from admin.rendering import crashed, refused, refused_by_litestar
from admin.rights import only_whom_it_is_for, procedure_in_path
from admin.static import static_file
from collector.errors import AvisError, NotFound


@get("/{rest:path}", opt={"who": "anyone"}, sync_to_thread=False)
def elsewhere() -> Response[Any]:
    """Every address of the admin that leads nowhere: a page, not the API's problem document."""
    raise NotFound("Cette page n'existe pas, ou plus.")


routes: list[Any] = [
    Router(
        "/admin",
        route_handlers=[
            static_file,
            sign_in.sign_in_form,
            sign_in.sign_in_now,
            sign_in.sign_out,
            code.code_form,
            code.enter_code,
            password.password_form,
            password.password_chosen,
            password.forgotten,
            password.send_link,
            account.account,
            account.new_password,
            account.end_session,
            account.end_other_sessions,
            two_steps.two_steps,
            two_steps.set_up,
            two_steps.take_out,
            home.home,
            procedures.new_procedure,
            procedures.create_procedure,
            procedures.settings_form,
            procedures.change_settings,
            procedures.allow_site,
            procedures.close_procedure,
            procedures.open_procedure,
            indicators.show_indicators,
            indicators.figures_file,
            reviews.show_reviews,
            views.save_view,
            views.change_view,
            remarks.add_tag,
            remarks.remove_tag,
            remarks.add_note,
            remarks.move_note,
            second_look.choose_words,
            second_look.mask_words,
            erasure.ask_to_erase,
            erasure.erase_now,
            suspects.show_suspects,
            suspects.judge_wave,
            suspects.judge_review,
            problems.list_problems,
            problems.show_problem,
            problems.change_problem,
            improvements.list_improvements,
            improvements.add_improvement,
            improvements.move_improvement,
            placements.list_placements,
            placements.create_placement,
            placements.show_placement,
            placements.close_placement,
            placements.reopen_placement,
            links.list_links,
            links.make_link,
            links.show_link,
            links.revoke_link,
            users.list_users,
            users.invite,
            user.show_user,
            user.give_right,
            user.take_right,
            user.set_administrator,
            user.send_link,
            user.end_sessions,
            user.reset_second_factor,
            user.disable,
            services.list_services,
            services.add_service,
            services.show_service,
            services.add_key,
            services.revoke_key,
            services.let_read,
            services.shut,
            imports.show_import,
            imports.try_file,
            imports.import_now,
            imports.export,
            journal.show_journal,
            elsewhere,
        ],
        guards=[only_whom_it_is_for],
        dependencies={"procedure": Provide(procedure_in_path, sync_to_thread=False)},
        exception_handlers={AvisError: refused, HTTPException: refused_by_litestar, Exception: crashed},
        include_in_schema=False,
        request_max_body_size=256 * 1024,
    )
]
