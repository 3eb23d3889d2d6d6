"""Choose a company, choose a language, and who may do what."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from debitora.kit.runtime import now
from debitora.people import queries
from debitora.people.actions import LastManager, LoginTaken, PasswordTooWeak, add_user, grant, revoke
from debitora.people.forms import MemberForm, RoleForm
from debitora.people.gates import CompanyRequest, actor, local, member, page, posted
from debitora.people.rules import may


@require_GET
def companies(request: Any) -> HttpResponse:
    """Choose one of the companies in which one has a role; with exactly one there is nothing to choose."""
    if request.person is None:
        return redirect_to_login(request.get_full_path())
    found = queries.companies_of(user=request.person)
    if len(found) == 1 and request.company is None:
        return redirect(f"/c/{found[0].code}/")
    return render(request, "people/companies.html", {"found": found})


@posted
def language(request: CompanyRequest) -> HttpResponse:
    """Remember the language for this session, and go back to where one was."""
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        request.session["language"] = wanted
    return redirect(local(request, request.POST.get("next", "/")))


@page("settings.view")
def members(request: CompanyRequest) -> HttpResponse:
    """Everybody with a role in the company."""
    found = [
        {
            "user_id": one.user_id,
            "name": one.name,
            "login": one.login,
            "email": one.email,
            "role_name": queries.ROLE_NAMES[one.role],
        }
        for one in queries.members(company=request.company)
    ]
    may_edit = may(request.role, "people.edit")
    return render(request, "people/members.html", {"members": found, "may_edit": may_edit})


@page("people.edit", methods=("GET", "POST"))
def new_member(request: CompanyRequest) -> HttpResponse:
    """Add a person and give her a role."""
    form = MemberForm(request.POST or None, initial={"language": request.company.language})
    if request.method == "POST" and form.is_valid() and _added(request, form):
        messages.success(request, _("%(name)s can sign in now.") % {"name": form.cleaned_data["name"]})
        return redirect("people:members")
    return render(request, "people/new_member.html", {"form": form}, status=422 if form.errors else 200)


def _added(request: CompanyRequest, form: MemberForm) -> bool:
    given = form.cleaned_data
    try:
        with transaction.atomic():
            user = add_user(
                login=given["login"],
                name=given["name"],
                password=given["password"],
                email=given["email"],
                language=given["language"],
                at=now(),
            )
            grant(company=request.company, user=user, role=given["role"], by=actor(request), at=now())
    except LoginTaken:
        form.add_error("login", _("Somebody signs in with this name already. Choose another one."))
    except PasswordTooWeak as problem:
        form.add_error("password", str(problem))
    return form.is_valid()


@page("people.edit", methods=("GET", "POST"))
def role(request: CompanyRequest, user: int) -> HttpResponse:
    """Change what a person may do here."""
    person, given = member(request, user)
    form = RoleForm(request.POST or None, initial={"role": given})
    if request.method == "POST" and form.is_valid():
        try:
            grant(
                company=request.company,
                user=person,
                role=form.cleaned_data["role"],
                by=actor(request),
                at=now(),
            )
            messages.success(request, _("The role counts from the next click."))
            return redirect("people:members")
        except LastManager:
            form.add_error(
                "role", _("The company needs at least one credit manager. Make somebody else one first.")
            )
    context = {"form": form, "person": person, "role_name": queries.ROLE_NAMES[given]}
    return render(request, "people/role.html", context, status=422 if form.errors else 200)


@page("people.edit", methods=("POST",))
def end_grant(request: CompanyRequest, user: int) -> HttpResponse:
    """Take a person's role in this company away."""
    person, _given = member(request, user)
    try:
        revoke(company=request.company, user=person, by=actor(request), at=now())
        messages.success(request, _("%(name)s has no access to this company any more.") % {"name": person})
    except LastManager:
        messages.error(
            request, _("The company needs at least one credit manager. Make somebody else one first.")
        )
    return redirect("people:members")
